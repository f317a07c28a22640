//! CBOR as a value that can be changed and written again, also wrongly: what hostile files are made with.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// A CBOR value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Int(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// A list.
    Array(Vec<Value>),
    /// Entries in the order they are written.
    Map(Vec<(Value, Value)>),
    /// True or false.
    Bool(bool),
    /// Something written as it stands, whatever it is.
    Raw(Vec<u8>),
}

impl Value {
    /// The value of these bytes.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut decoder = Decoder::new(bytes);
        let value = read(&mut decoder);
        assert_eq!(decoder.position(), bytes.len(), "one value");
        value
    }

    /// Its encoding.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Int(n) => drop(Encoder::new(out).i64(*n)),
            Self::Bytes(bytes) => drop(Encoder::new(out).bytes(bytes)),
            Self::Text(text) => drop(Encoder::new(out).str(text)),
            Self::Bool(b) => drop(Encoder::new(out).bool(*b)),
            Self::Raw(bytes) => out.extend_from_slice(bytes),
            Self::Array(items) => {
                drop(Encoder::new(&mut *out).array(items.len() as u64));
                items.iter().for_each(|item| item.write(out));
            }
            Self::Map(entries) => {
                drop(Encoder::new(&mut *out).map(entries.len() as u64));
                for (key, value) in entries {
                    key.write(out);
                    value.write(out);
                }
            }
        }
    }

    /// The entry of a key; it must be there.
    pub fn at(&mut self, key: i64) -> &mut Self {
        let Self::Map(entries) = self else { panic!("not a map") };
        &mut entries.iter_mut().find(|(k, _)| *k == Self::Int(key)).expect("an entry").1
    }

    /// The item at a place.
    pub fn item(&mut self, place: usize) -> &mut Self {
        let Self::Array(items) = self else { panic!("not an array") };
        &mut items[place]
    }

    /// Sets an entry, in its place among unsigned keys.
    pub fn set(&mut self, key: i64, value: Self) {
        self.remove(key);
        let Self::Map(entries) = self else { panic!("not a map") };
        let place = entries.iter().position(|(k, _)| matches!(k, Self::Int(k) if *k > key)).unwrap_or(entries.len());
        entries.insert(place, (Self::Int(key), value));
    }

    /// Removes an entry.
    pub fn remove(&mut self, key: i64) {
        let Self::Map(entries) = self else { panic!("not a map") };
        entries.retain(|(k, _)| *k != Self::Int(key));
    }

    /// The entries.
    pub fn entries(&mut self) -> &mut Vec<(Self, Self)> {
        let Self::Map(entries) = self else { panic!("not a map") };
        entries
    }

    /// The items.
    pub fn items(&mut self) -> &mut Vec<Self> {
        let Self::Array(items) = self else { panic!("not an array") };
        items
    }

    /// The bytes.
    pub fn bytes(&mut self) -> &mut Vec<u8> {
        let Self::Bytes(bytes) = self else { panic!("not bytes") };
        bytes
    }
}

fn read(d: &mut Decoder<'_>) -> Value {
    match d.datatype().expect("a type") {
        Type::Bytes => Value::Bytes(d.bytes().expect("bytes").to_vec()),
        Type::String => Value::Text(d.str().expect("text").to_owned()),
        Type::Bool => Value::Bool(d.bool().expect("a truth")),
        Type::Array => {
            let n = d.array().expect("an array").expect("a length");
            Value::Array((0..n).map(|_| read(d)).collect())
        }
        Type::Map => {
            let n = d.map().expect("a map").expect("a length");
            Value::Map((0..n).map(|_| (read(d), read(d))).collect())
        }
        _ => Value::Int(d.i64().expect("a number")),
    }
}
