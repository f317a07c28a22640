//! 仕組み. How a document is kept, chosen by its grade at sealing and written in its label section as numbers.

/// Gives an enum its numbers in the file.
macro_rules! numbered {
    ($name:ident { $($variant:ident = $number:literal),* }) => {
        impl $name {
            /// Its number in the file.
            #[must_use]
            pub const fn number(self) -> u8 { match self { $(Self::$variant => $number,)* } }

            pub(super) const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

/// How the payload is kept. Fixed at sealing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayloadSuite {
    /// 機密性1情報. In clear.
    Clear,
    /// P1. 要機密情報: C2SP chunked encryption, Cobblestone-256 with SHA-512.
    Cobblestone256,
}

numbered!(PayloadSuite { Clear = 0, Cobblestone256 = 1 });
numbered!(TrailerKind { None = 0, Tree = 1 });
numbered!(Binding { Unbound = 1, Detached = 2 });

impl PayloadSuite {
    /// Stored bytes of a full piece.
    pub(super) const fn stride(self) -> u64 {
        match self {
            Self::Clear => super::tree::PIECE_LEN,
            Self::Cobblestone256 => super::layout::CHUNK_LEN,
        }
    }
}

/// Whether the author's signature covers the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrailerKind {
    /// It does not: 改ざん検知なし.
    None,
    /// Digest tree and signed core at the end of the file.
    Tree,
}

/// Where the payload lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binding {
    /// The label stands alone in a native file's metadata; it is signed, the content is not covered.
    Unbound,
    /// The trailer covers the bytes of a native file that lies beside this envelope.
    Detached,
}
