//! 保護. In place, one file or whole folders; and new documents under the labels of their sources.

use std::path::PathBuf;

use kakuzuke::code::{Code, Text};
use kakuzuke::{
    Batch, Contact, Error, Form, Grading, Method, Outcome, Protected, Protection, Readers, RegistrationState, Result,
    Session, Show, SubjectId, Summary, Trailer,
};

use super::{Desk, decide, marking, value};
use crate::args;
use crate::output::{Progress, Said};

/// `protect PATH…`. Without a grade one is suggested and asked about, on a terminal only: a script that says none is told so.
pub fn protect(desk: &Desk, args: &args::Protect) -> Result<Said> {
    let session = desk.session()?;
    if args.grading.grade.is_some() || !decide::can_ask(desk) {
        return protect_as(desk, &session, &args.paths, grading(&args.grading)?, args);
    }
    let how = protection(args, Grading::default())?;
    let how = Protection { marks: args.breaking.marks(Show::Label), ..how };
    let suggested = decide::suggested(&session, &args.paths, args.jobs, desk)?;
    let more = (&args.grading.restrictions, args.grading.post.as_deref());
    decide::on_screen(desk, &session, suggested, more, (&how, args.jobs))
}

fn protect_as(
    desk: &Desk,
    session: &Session,
    paths: &[PathBuf],
    grading: Grading,
    args: &args::Protect,
) -> Result<Said> {
    let protection = protection(args, grading)?;
    desk.doubt(session, &protection.grading);
    let bar = Progress::new();
    let summary = session.protect_all(paths, &protection, &Batch { threads: args.jobs }, &|p| bar.show(p))?;
    drop(bar);
    let single = matches!(paths, [path] if !path.is_dir());
    said_of(&summary, single)
}

fn protection(args: &args::Protect, grading: Grading) -> Result<Protection> {
    Ok(Protection {
        grading,
        method: Method::ByGrade,
        title: args.title.clone(),
        readers: readers(&args.readers)?,
        contact: if args.offline { Contact::Offline } else { Contact::Online },
        trailer: if args.sign { Trailer::Always } else { Trailer::AsGraded },
        marks: args.breaking.marks(if args.mark { Show::Label } else { Show::AsIs }),
        threads: args.threads,
    })
}

/// `label PATH…`
pub fn label(desk: &Desk, args: &args::Label) -> Result<Said> {
    let session = desk.session()?;
    let marks = args.marking.marks();
    let protection = Protection { method: Method::Label, marks, ..Protection::new(grading(&args.grading)?) };
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

/// What became of several documents.
pub fn said_of(summary: &Summary<Protected>, single: bool) -> Result<Said> {
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
    let said = marking::tell(said, &protected.marks);
    let said = match &protected.not_inside {
        Some(why) => said.line(
            format!("　文書の中には書き込んでいません：{}", why.ja),
            format!("  Not written into the document: {}", why.en),
        ),
        None => said,
    };
    match protected.registration {
        RegistrationState::Registered | RegistrationState::NotNeeded => said,
        RegistrationState::Pending => said.line(
            "　鍵サーバへの登録は次の接続時に行います（labeler sync）。",
            "  It will be registered at the next contact (labeler sync).",
        ),
    }
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

/// The readers as typed.
pub fn readers(args: &args::Readers) -> Result<Option<Readers>> {
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
