//! A server that answers as it is told to, well or badly, over plain HTTP/1.1.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use url::{Url, form_urlencoded};

/// A request as it came.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) form: HashMap<String, String>,
}

/// What is done with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A whole answer.
    Answer { status: u16, kind: &'static str, extra: String, body: String },
    /// An answer whose end never comes, and the connection closes.
    CutShort,
    /// The connection closes without an answer.
    Close,
    /// No answer, and the connection stays.
    Hang,
    /// An answer that comes after a while.
    Late(Duration, Box<Reply>),
}

impl Reply {
    pub(crate) fn json(status: u16, body: impl ToString) -> Self {
        let kind = "application/json;charset=UTF-8";
        Self::Answer { status, kind, extra: String::new(), body: body.to_string() }
    }

    pub(crate) fn html(status: u16) -> Self {
        let body = "\n<!DOCTYPE html><html><body>Технические работы</body></html>".into();
        Self::Answer { status, kind: "text/html", extra: String::new(), body }
    }

    /// The same with a header more.
    pub(crate) fn with(self, header: &str) -> Self {
        match self {
            Self::Answer { status, kind, extra, body } => {
                Self::Answer { status, kind, extra: format!("{extra}{header}\r\n"), body }
            }
            other => other,
        }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        let extra = format!("Location: {to}\r\n");
        Self::Answer { status: 302, kind: "text/plain", extra, body: String::new() }
    }
}

/// The server, and what it has seen.
pub(crate) struct Server {
    pub(crate) base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn run(reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, reply) = (Arc::clone(&seen), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, reply) = (Arc::clone(&log), Arc::clone(&reply));
                tokio::spawn(async move { serve(stream, &log, reply.as_ref()).await });
            }
        });
        Self { base, seen }
    }

    /// The requests whose path begins so, in the order they came.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|request| request.target.starts_with(path)).cloned().collect()
    }
}

/// Serves one request, then closes: a client that keeps connections must bear that too.
async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Seen>>,
    reply: &(dyn Fn(&Seen) -> Reply + Sync),
) {
    let Some(request) = read(&mut stream).await else { return };
    log.lock().unwrap().push(request.clone());
    let mut reply = reply(&request);
    while let Reply::Late(after, then) = reply {
        sleep(after).await;
        reply = *then;
    }
    let (head, body) = match reply {
        Reply::Late(..) => panic!("it has come"),
        Reply::Close => return,
        Reply::Hang => return std::future::pending().await,
        Reply::CutShort => ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n".into(), "{".into()),
        Reply::Answer { status, kind, extra, body } => (
            format!(
                "HTTP/1.1 {status} Told\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{extra}",
                body.len()
            ),
            body,
        ),
    };
    let whole: String = format!("{head}Connection: close\r\n\r\n{body}");
    let _ = stream.write_all(whole.as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ').map(String::from);
    let (method, target) = (first.next()?, first.next()?);
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.into()))
        .collect();
    let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let form = form_urlencoded::parse(&bytes[end + 4..]).into_owned();
    let mut once = HashMap::new();
    for (name, value) in form {
        assert!(once.insert(name.clone(), value).is_none(), "`{name}` stands twice");
    }
    Some(Seen { method, target, headers, form: once })
}
