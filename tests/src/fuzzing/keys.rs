//! Certificates and keys that published copies are signed with: files that officers name.

use kakuzuke_core::crypto::publication::{PublicationError, PublicationKey, SignatureForm};
use kakuzuke_core::time::Timestamp;

/// A day on which the certificate below is valid.
const DAY: Timestamp = Timestamp::from_unix(1_800_000_000);

const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUaQPh7TJ4KcSPMuwNUY3srRmqQhAwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAeFw0yNjExMjYwNTE1NDRaFw0zNjExMjMwNTE1NDRaMAwx
CjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATSdvRIabANsTZu
6YxJXklAc1qqDKvfbUSvgHMoq2HMXymol/OPgopOM5JVG030v7TWYm6nwclTITit
SWx4C2kUo10wWzAdBgNVHQ4EFgQUFDZsYocH94+78Hr/JuiqE8E7iKEwHwYDVR0j
BBgwFoAUFDZsYocH94+78Hr/JuiqE8E7iKEwCwYDVR0PBAQDAgeAMAwGA1UdEwEB
/wQCMAAwCgYIKoZIzj0EAwIDSAAwRQIhAPCb+is+0+6KNQy7lCPyg/BjtU59U4KO
4AAZ9Q+Tj4jcAiANb9zaMnp5wPSHdnyTGYls897I/R7qgvON0zYEf93xsA==
-----END CERTIFICATE-----
";

/// Its key, for nothing but this.
const KEY: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg19GyLI4FB7bNOQOI
UtxaETRbjIAUORVZ9v98GON/H6yhRANCAATSdvRIabANsTZu6YxJXklAc1qqDKvf
bUSvgHMoq2HMXymol/OPgopOM5JVG030v7TWYm6nwclTITitSWx4C2kU
-----END PRIVATE KEY-----
";

/// The same under the passphrase `abc`.
const SEALED: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjdDPSdGk/k7wICA+gw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGD+TZzcUBa0N2LDU+XWwpgEgZDj
aN8aGbuH2YkSAoL8NyR3lq3uK13v8huvWG0e1gFOZ26wCKtbX/SduROFb9GZClfq
y2m6w97BcGPv3QOJFwLuhw+eIXJG8POOm3BC97uD9UbpeySJRrLAODBZ5E9sQ4MX
X5gNvF6SHrWNNCG8zzvwmCyPVpypvWTa8OTvJLYkcKxQUaxQIZBZN4g0EJQNqr4=
-----END ENCRYPTED PRIVATE KEY-----
";

/// Reads a file as certificates and as a key; what can be read signs.
pub fn publication(bytes: &[u8]) {
    let whole = |certificates: &[u8], key: &[u8]| PublicationKey::read(certificates, key, Some(b"abc"), DAY);
    drop(whole(bytes, KEY.as_bytes()));
    drop(whole(CERTIFICATE.as_bytes(), bytes));
    if let Ok(key) = whole(bytes, bytes) {
        let mut nothing = |_: &mut [u8]| Ok::<usize, PublicationError>(0);
        let signature = key.sign(SignatureForm::Beside(DAY), &mut nothing).expect("a key that was read signs");
        assert!(signature.len() <= key.room());
    }
}

/// A certificate with its key, in clear and under a passphrase.
pub fn publications() -> Vec<Vec<u8>> {
    [KEY, SEALED].map(|key| format!("{CERTIFICATE}{key}").into_bytes()).to_vec()
}
