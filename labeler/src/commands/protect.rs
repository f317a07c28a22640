//! 保護. In place, one file or whole folders; and new documents under the labels of their sources.

use std::path::PathBuf;

use kakuzuke::code::{Code, Text};
use kakuzuke::{
    Batch, Contact, Error, Form, Grading, Inheritance, Method, Outcome, Protected, Protection, Readers,
    RegistrationState, Result, Session, SubjectId, Summary, Trailer,
};

use super::{Desk, suggest, value};
use crate::args;
use crate::output::{Progress, Said};

/// `protect PATH…`. Without a grade one is suggested and asked about, on a terminal only: a script that says none is told so.
pub fn protect(desk: &Desk, args: &args::Protect) -> Result<Said> {
    let session = desk.session()?;
    if args.grading.grade.is_some() || !suggest::can_ask(desk) {
        return protect_as(desk, &session, &args.paths, grading(&args.grading)?, args);
    }
    let mut all = Said::nothing();
    for (grading, paths) in suggest::ask(desk, &session, args)? {
        all = all.and(protect_as(desk, &session, &paths, grading, args)?);
    }
    Ok(all)
}

fn protect_as(
    desk: &Desk,
    session: &Session,
    paths: &[PathBuf],
    grading: Grading,
    args: &args::Protect,
) -> Result<Said> {
    let protection = Protection {
        grading,
        method: Method::ByGrade,
        title: args.title.clone(),
        readers: readers(&args.readers)?,
        contact: if args.offline { Contact::Offline } else { Contact::Online },
        trailer: if args.sign { Trailer::Always } else { Trailer::AsGraded },
        threads: args.threads,
    };
    desk.doubt(session, &protection.grading);
    let bar = Progress::new();
    let summary = session.protect_all(paths, &protection, &Batch { threads: args.jobs }, &|p| bar.show(p))?;
    drop(bar);
    let single = matches!(paths, [path] if !path.is_dir());
    said_of(&summary, single)
}

/// `label PATH…`
pub fn label(desk: &Desk, args: &args::Label) -> Result<Said> {
    let session = desk.session()?;
    let protection = Protection { method: Method::Label, ..Protection::new(grading(&args.grading)?) };
    desk.doubt(&session, &protection.grading);
    let bar = Progress::new();
    let summary = session.protect_all(&args.paths, &protection, &Batch { threads: args.jobs }, &|p| bar.show(p))?;
    drop(bar);
    let single = matches!(args.paths.as_slice(), [path] if !path.is_dir());
    said_of(&summary, single)
}

/// `cover FILE.kkz`
pub fn cover(desk: &Desk, args: &args::Cover) -> Result<Said> {
    let path = desk.session()?.cover(&args.path, args.output.as_deref())?;
    let said = Said::new(serde_json::json!({ "path": path }));
    Ok(said.line(format!("表紙を付けました：{}", path.display()), format!("With a cover page: {}", path.display())))
}

fn said_of(summary: &Summary<Protected>, single: bool) -> Result<Said> {
    let mut said = Said::new(value(summary)?);
    let mut code = summary.code();
    for item in &summary.items {
        match item {
            Outcome::Done(protected) => said = tell(said, protected),
            Outcome::Skipped(failure) | Outcome::Failed(failure) => {
                said = said.failure(failure);
                if single {
                    code = Some(failure.code);
                }
            }
        }
    }
    if !single {
        said = said.line(
            format!("保護：{} 件、対象外：{} 件、失敗：{} 件", summary.done, summary.skipped, summary.failed),
            format!("Protected {}, skipped {}, failed {}", summary.done, summary.skipped, summary.failed),
        );
    }
    Ok(match code {
        Some(code) => said.ending(code),
        None => said,
    })
}

/// What became of a document.
pub fn tell(said: Said, protected: &Protected) -> Said {
    let path = protected.path.display();
    let said = said.line(
        format!("{path}：{}", protected.label.header),
        format!("{path}: {} {}", protected.label.grade, protected.label.restrictions.join("・")),
    );
    let said = match protected.form {
        Form::NativeLabel => said.line(
            "　文書は平文のままです。署名した格付を文書に書き込みました。",
            "  The document stays in clear; the signed label was written into it.",
        ),
        Form::Detached => said.line(
            "　文書は平文のままです。署名ファイル（.kkzsig）を添えました。",
            "  The document stays in clear; its signature lies beside it (.kkzsig).",
        ),
        Form::Carrier | Form::Envelope => said,
    };
    match protected.registration {
        RegistrationState::Registered | RegistrationState::NotNeeded => said,
        RegistrationState::Pending => said.line(
            "　鍵サーバへの登録は次の接続時に行います（labeler sync）。",
            "  It will be registered at the next contact (labeler sync).",
        ),
    }
}

/// `inherit FILE --from SOURCE…`
pub fn inherit(desk: &Desk, args: &args::Inherit) -> Result<Said> {
    let session = desk.session()?;
    let inheritance = Inheritance {
        integrity: args.integrity,
        availability: args.availability,
        restrictions: args.restrictions.clone(),
        protection: Protection { readers: readers(&args.readers)?, ..Protection::default() },
    };
    let protected = session.inherit(&args.sources, &args.path, &inheritance)?;
    Ok(tell(Said::new(value(&protected)?), &protected))
}

/// The grading as typed; the library reads it with the taxonomy in force.
pub fn grading(args: &args::Grading) -> Result<Grading> {
    let missing = || {
        Error::new(
            Code::Usage,
            Text::fixed(
                "格付を --grade で指定してください。内容からの提案は labeler suggest で見られます。",
                "Give the grade with --grade. labeler suggest says what the content asks for.",
            ),
        )
    };
    let grade = args.grade.clone().ok_or_else(missing)?;
    Ok(Grading { grade, restrictions: args.restrictions.clone(), post: args.post.clone() })
}

fn readers(args: &args::Readers) -> Result<Option<Readers>> {
    if args.subjects.is_empty() && args.units.is_empty() {
        return Ok(None);
    }
    let subjects = args.subjects.iter().map(|s| subject(s)).collect::<Result<_>>()?;
    Ok(Some(Readers { subjects, units: args.units.clone() }))
}

/// A subject id as typed.
pub fn subject(text: &str) -> Result<SubjectId> {
    text.parse().map_err(|_| {
        Error::new(
            Code::Usage,
            Text::new(format!("利用者の識別子ではありません：{text}"), format!("Not a subject's id: {text}")),
        )
    })
}
