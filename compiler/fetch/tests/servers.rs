//! Servers that are slow, lie, or lead astray: each is a clear fault within its limit, and nothing is sent on.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests measure, and a failed step fails the test")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flatwright_fetch::{Answer, Client, Fault, Policy, Roots, Validators};

type Requests = Arc<Mutex<Vec<String>>>;

/// A server on this machine that does the same to every connection, by its number.
struct Server {
    host: String,
    requests: Requests,
}

impl Server {
    fn new(serve: impl Fn(usize, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let requests = Requests::default();
        let seen = Arc::clone(&requests);
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let (mut stream, seen, serve) = (stream.unwrap(), Arc::clone(&seen), Arc::clone(&serve));
                std::thread::spawn(move || {
                    let mut request = Vec::new();
                    let mut piece = [0; 1024];
                    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                        let Ok(count @ 1..) = stream.read(&mut piece) else { return };
                        request.extend_from_slice(&piece[..count]);
                    }
                    seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                    serve(number, &mut stream);
                });
            }
        });
        Self { host, requests }
    }

    fn always(answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::new(move |_, stream| drop(stream.write_all(answer.as_bytes())))
    }

    fn get(&self) -> Result<Answer, Fault> {
        self.get_as(&Validators::default())
    }

    fn get_as(&self, known: &Validators) -> Result<Answer, Fault> {
        client(&self.host).get(&format!("http://{}/list", self.host), known, &|_, _| {})
    }

    fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

fn client(host: &str) -> Client {
    let policy = Policy {
        hosts: vec![host.to_owned()],
        largest: 1 << 20,
        pause: Duration::from_millis(5),
        patience: Duration::from_millis(300),
        most_time: Duration::from_millis(1500),
        ..Policy::default()
    };
    Client::new(policy, &Roots::Platform).unwrap()
}

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nSet-Cookie: a=secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

#[test]
fn an_answer_is_whole_and_asked_again_by_its_validators() {
    let server = Server::new(|number, stream| {
        let answer = match number {
            0 => {
                "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nLast-Modified: Mon, 30 Nov 2026 00:00:00 GMT\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
            }
            _ => "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n",
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let Answer::Body(bytes, validators) = server.get().unwrap() else { panic!("a body") };
    assert_eq!((bytes.as_slice(), validators.etag.as_deref()), (b"hello".as_slice(), Some("\"a\"")));
    assert_eq!(server.get_as(&validators), Ok(Answer::Unchanged));
    let requests = server.requests.lock().unwrap();
    assert!(
        requests[1].to_lowercase().contains("if-none-match: \"a\"")
            && requests[1].to_lowercase().contains("if-modified-since: mon, 30 nov")
    );
}

#[test]
fn an_answer_that_nobody_asked_for_is_none() {
    assert_eq!(Server::always("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n").get(), Err(Fault::Status(304)));
    assert_eq!(Server::always(&status("206 Partial Content")).get(), Err(Fault::Status(206)));
}

#[test]
fn what_stays_is_asked_once_and_what_may_pass_again() {
    for (line, code, count) in [
        ("401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"https://elsewhere.example/token\"", 401, 1),
        ("403 Forbidden", 403, 1),
        ("404 Not Found", 404, 1),
        ("429 Too Many Requests", 429, 3),
        ("429 Too Many Requests\r\nRetry-After: 86400", 429, 1),
        ("500 Internal Server Error", 500, 3),
        ("503 Service Unavailable", 503, 3),
    ] {
        let server = Server::always(&status(line));
        assert_eq!(server.get(), Err(Fault::Status(code)), "{line}");
        assert_eq!(server.count(), count, "{line}");
    }
    let server = Server::new(|number, stream| {
        let answer = if number == 0 {
            status("429 Too Many Requests\r\nRetry-After: 0")
        } else {
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".to_owned()
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    assert!(matches!(server.get(), Ok(Answer::Body(bytes, _)) if bytes == b"ok"));
}

#[test]
fn a_server_that_is_slow_has_its_limit() {
    let begin = Instant::now();
    let silent = Server::new(|_, _| std::thread::sleep(Duration::from_secs(20)));
    assert!(matches!(silent.get(), Err(Fault::Slow { .. })));
    let stops = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
        std::thread::sleep(Duration::from_secs(20));
    });
    assert!(matches!(stops.get(), Err(Fault::Slow { .. })));
    let drips = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while stream.write_all(b"a").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    assert!(matches!(drips.get(), Err(Fault::Slow { .. })));
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
}

#[test]
fn a_length_that_lies_is_told() {
    let short = Server::always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nabc");
    assert!(matches!(short.get(), Err(Fault::CutOff | Fault::Network(_))), "{:?}", short.get());
    let chunk = Server::always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n10\r\nabc");
    assert!(matches!(chunk.get(), Err(Fault::CutOff | Fault::Network(_))), "{:?}", chunk.get());
    let garbage = Server::always("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    assert!(garbage.get().is_err());
    let closes = Server::new(|_, _| {});
    assert!(closes.get().is_err());
}

#[test]
fn nobody_fills_the_memory() {
    let large = Server::always("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n");
    assert_eq!(large.get(), Err(Fault::TooLarge { most: 1 << 20 }));
    let endless = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "a".repeat(1 << 16));
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    assert_eq!(endless.get(), Err(Fault::TooLarge { most: 1 << 20 }));
    let headers = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n").is_ok() {}
    });
    assert!(headers.get().is_err());
}

#[test]
fn redirects_lead_nowhere_that_was_not_allowed() {
    let other = Server::always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    for (to, expected) in [
        (format!("http://{}/", other.host), "scheme"),
        (format!("https://{}/", other.host), "private"),
        ("https://169.254.169.254/metadata/identity".to_owned(), "private"),
        ("https://[::1]/".to_owned(), "private"),
        ("https://localhost/".to_owned(), "private"),
        ("file:///etc/passwd".to_owned(), "scheme"),
        ("ftp://example.com/".to_owned(), "scheme"),
        ("https://user:secret@example.com/".to_owned(), "credentials"),
        ("https://exa mple.com/".to_owned(), "malformed"),
    ] {
        let server = Server::always(&redirect(&to));
        let found = match server.get() {
            Err(Fault::Scheme { .. }) => "scheme",
            Err(Fault::Private { .. }) => "private",
            Err(Fault::Credentials) => "credentials",
            Err(Fault::Malformed { .. }) => "malformed",
            _ => "something else",
        };
        assert_eq!((found, server.count()), (expected, 1), "{to}");
    }
    assert_eq!(other.count(), 0);
    let circle = Server::always(&redirect("/list"));
    assert_eq!(circle.get(), Err(Fault::Redirects));
    assert_eq!(circle.count(), Policy::default().most_redirects + 1);
    let nowhere = Server::always("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_eq!(nowhere.get(), Err(Fault::NoLocation));
}

#[test]
fn no_login_and_no_cookie_is_sent() {
    let server = Server::new(|number, stream| {
        let answer = if number == 0 {
            redirect("/elsewhere")
        } else {
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    assert!(server.get().is_ok());
    for request in server.requests.lock().unwrap().iter() {
        let request = request.to_lowercase();
        assert!(
            !request.contains("authorization") && !request.contains("cookie") && !request.contains("secret"),
            "{request}"
        );
    }
}

#[test]
fn hosts_that_nobody_vouches_for_are_not_asked() {
    let server = Server::always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    let strict = Client::new(Policy::default(), &Roots::Platform).unwrap();
    let get = |url: &str| strict.get(url, &Validators::default(), &|_, _| {});
    assert!(matches!(get(&format!("http://{}/", server.host)), Err(Fault::Scheme { .. })));
    assert!(matches!(get(&format!("https://{}/", server.host)), Err(Fault::Private { .. })));
    // A name of this machine that does not look like one.
    let own = "ip6-loopback";
    if std::net::ToSocketAddrs::to_socket_addrs(&(own, 443)).is_ok_and(|mut found| found.next().is_some()) {
        assert!(
            matches!(get(&format!("https://{own}/")), Err(Fault::Private { .. })),
            "{:?}",
            get(&format!("https://{own}/"))
        );
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn a_server_without_tls_is_not_trusted() {
    let server = Server::always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let found = client(&server.host).get(&format!("https://{}/", server.host), &Validators::default(), &|_, _| {});
    assert!(found.is_err(), "{found:?}");
}

#[test]
fn roots_of_trust_are_certificates() {
    assert!(Client::new(Policy::default(), &Roots::Pem(b"nothing".to_vec())).is_err());
    assert!(Client::new(Policy::default(), &Roots::Pem(b"-----BEGIN CERTIFICATE-----\nAAA\n".to_vec())).is_err());
}
