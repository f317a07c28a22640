//! 鍵サーバ. The product's own, embedded in this program for the demonstration.

use std::net::SocketAddr;
use std::path::Path;

use kakuzuke::code::{Code, Text};
use kakuzuke::{EnrolmentCode, Error, Result};
use kakuzuke_keyserver::config::Config;
use kakuzuke_keyserver::directory::{Enrolee as Entered, make_code};
use kakuzuke_keyserver::founding::found;
use kakuzuke_keyserver::server::{Server as Running, system_clock};
use kakuzuke_keyserver::store::RoleSet;
use kakuzuke_keyserver::zones::LOOPBACK;

/// Who is entered.
pub struct Enrolee {
    /// Id.
    pub subject: &'static str,
    /// 氏名.
    pub name: &'static str,
    /// Role.
    pub role: &'static str,
    /// 所属.
    pub unit: &'static str,
    /// 官職.
    pub post: Option<&'static str>,
}

/// A key server on loopback.
pub struct Server(Running);

impl Server {
    /// Founds an authority in a new folder and runs its server.
    pub fn start(dir: &Path) -> Result<Self> {
        let failed = |e: &dyn std::fmt::Display| {
            let text =
                Text::new(format!("鍵サーバを起動できません：{e}"), format!("The key server does not start: {e}"));
            Error::new(Code::Internal, text).at(dir)
        };
        // A free port, bound and let go: the server binds it again at once.
        let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let address = free.map_err(|e| failed(&e))?;
        let mut config = Config::embedded(address);
        (config.name_ja, config.name_en) = ("見本庁".to_owned(), "Sample Agency".to_owned());
        let admin =
            Enrolee { subject: "admin", name: "管理者", role: "administrator", unit: "情報課", post: None };
        let first =
            Enrolee { subject: "first", name: "最初の職員", role: "officer", unit: "情報課", post: None };
        found(dir, &config, &LOOPBACK.map(ToOwned::to_owned), (&entered(&admin)?, &entered(&first)?), system_clock())
            .map_err(|e| failed(&e))?;
        Ok(Self(Running::start(dir, None, system_clock()).map_err(|e| failed(&e))?))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// A one-time code for a person, as the administrator gets it.
    pub fn code(&self, who: &Enrolee) -> Result<EnrolmentCode> {
        let code = make_code(self.0.app(), &entered(who)?, &self.address().to_string());
        code.map_err(|refusal| Error::new(refusal.0.code, refusal.0.detail.clone()))
    }

    /// Stops it.
    pub fn stop(self) {
        let _stopped_either_way = self.0.stop();
    }
}

fn entered(who: &Enrolee) -> Result<Entered> {
    Ok(Entered {
        subject: who.subject.parse().map_err(|_| Error::of(Code::Usage))?,
        name: who.name.to_owned(),
        roles: RoleSet::from_names([who.role]).ok_or_else(|| Error::of(Code::Usage))?,
        unit: who.unit.to_owned(),
        posts: who.post.iter().map(|&post| post.to_owned()).collect(),
        until: None,
    })
}
