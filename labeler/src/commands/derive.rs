//! 継承. New documents, and text taken out of protected ones, under the labels of where they come from.

use std::ffi::OsString;
use std::path::PathBuf;

use kakuzuke::{
    Error, Inheritance, Method, Opening, Origin, Overwrite, Protection, Result, Right, Rights, write_whole,
};

use super::protect::{readers, tell};
use super::{Desk, value};
use crate::args;
use crate::output::Said;

/// `derive FILE --from SOURCE…`
pub fn derive(desk: &Desk, args: &args::Derive) -> Result<Said> {
    let session = desk.session()?;
    let origins: Vec<Origin> = args.sources.iter().map(|source| session.origin(source)).collect::<Result<_>>()?;
    let protection = Protection {
        method: if args.label_only { Method::Label } else { Method::ByGrade },
        marks: args.marking.marks(),
        ..Protection::default()
    };
    let protected = session.derive(&args.path, &origins, &inheritance(&args.inheritance, protection)?)?;
    let mut said = tell(Said::new(value(&protected)?), &protected);
    for (source, origin) in args.sources.iter().zip(&origins) {
        said = said.line(
            format!("　継承元　{}：{}", source.display(), origin.header()),
            format!("  from     {}: {}", source.display(), origin.header()),
        );
    }
    Ok(said)
}

/// `excerpt FILE -o NAME`
pub fn excerpt(desk: &Desk, args: &args::Excerpt) -> Result<Said> {
    let session = desk.session()?;
    let wanted = Rights::VIEW.with(Right::Copy);
    let opening = Opening { purpose: args.purpose.clone(), wanted, ..Opening::default() };
    let document = session.open_document(&args.path, &opening)?;
    let excerpt = document.excerpt()?;
    let (path, name) = names(&args.output)?;
    let inheritance = inheritance(&args.inheritance, Protection::default())?;
    let mut sealed = Vec::new();
    let origins = [excerpt.origin];
    let protected = session.derive_stream(&name, &mut excerpt.text.as_bytes(), &mut sealed, &origins, &inheritance)?;
    write_whole(&path, Overwrite::Refuse, |out| out.write_all(&sealed))?;
    let protected = kakuzuke::Protected { path: path.clone(), original: path, ..protected };
    let said = tell(Said::new(value(&protected)?), &protected);
    Ok(if excerpt.is_whole {
        said
    } else {
        said.line("　読み取れない部分がありました。", "  Parts of it could not be read.")
    })
}

/// The envelope's path and the name inside it: `NAME.txt.kkz` and `NAME.txt`.
fn names(output: &std::path::Path) -> Result<(PathBuf, String)> {
    let inner =
        if output.extension().is_some_and(|e| e == "kkz") { output.with_extension("") } else { output.to_owned() };
    let name = inner.file_name().and_then(|name| name.to_str()).map(ToOwned::to_owned);
    let name = name.ok_or_else(|| Error::of(kakuzuke::code::Code::Usage).at(output))?;
    let mut sealed = OsString::from(&name);
    sealed.push(".kkz");
    Ok((inner.with_file_name(sealed), name))
}

fn inheritance(args: &args::Inheritance, protection: Protection) -> Result<Inheritance> {
    Ok(Inheritance {
        integrity: args.integrity,
        availability: args.availability,
        restrictions: args.restrictions.clone(),
        protection: Protection { readers: readers(&args.readers)?, ..protection },
    })
}
