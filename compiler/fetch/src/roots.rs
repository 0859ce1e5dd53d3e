//! Whose word is taken for who a server is.

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// The roots of trust.
#[derive(Clone, Debug, Default)]
pub enum Roots {
    /// Those of the platform; the built-in ones where it has none.
    #[default]
    Platform,
    /// Those of a file in PEM, and no others.
    Pem(Vec<u8>),
}

impl Roots {
    /// The certificates.
    pub(crate) fn certificates(&self) -> Result<RootCerts, String> {
        match self {
            Self::Platform => {
                let found = rustls_native_certs::load_native_certs().certs;
                let found: Vec<_> =
                    found.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
                Ok(if found.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&found) })
            }
            Self::Pem(bytes) => {
                let mut found = Vec::new();
                for item in parse_pem(bytes) {
                    if let PemItem::Certificate(certificate) = item.map_err(|error| error.to_string())? {
                        found.push(certificate);
                    }
                }
                if found.is_empty() {
                    Err("it has no certificate".to_owned())
                } else {
                    Ok(RootCerts::new_with_certs(&found))
                }
            }
        }
    }
}
