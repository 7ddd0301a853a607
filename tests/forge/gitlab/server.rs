//! A small HTTP server on this machine: one request a connection, and every way to answer badly.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// What came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query as they were sent.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// What goes out.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A whole answer.
    Answer { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// The connection ends without a word.
    Hangup,
    /// Fewer bytes than were announced.
    Cut(Vec<u8>),
    /// A byte now and then, for ever.
    Trickle,
    /// So many bytes of a text without end.
    Flood(usize),
}

/// A running server; it stops when dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    stop: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, answer) = (Arc::clone(&stop), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, stopped) = (Arc::clone(&answer), Arc::clone(&stopped));
                thread::spawn(move || stream.map(|stream| talk(stream, &*answer, &stopped)));
            }
        });
        Self { port, stop }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener up.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn talk(mut stream: TcpStream, answer: &(dyn Fn(Request) -> Reply + Send + Sync), stop: &AtomicBool) {
    let Some(request) = read(&stream) else { return };
    // Who does not listen any more is no fault of the server's.
    let _ = match answer(request) {
        Reply::Answer { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(b"\r\n"))
                .and_then(|()| stream.write_all(&body))
        }
        Reply::Hangup => Ok(()),
        Reply::Cut(body) => {
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len() + 10);
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body))
        }
        Reply::Trickle => trickle(&mut stream, stop),
        Reply::Flood(bytes) => flood(&mut stream, bytes),
    };
}

fn trickle(stream: &mut TcpStream, stop: &AtomicBool) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[")?;
    while !stop.load(Ordering::SeqCst) {
        stream.write_all(b" ")?;
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn flood(stream: &mut TcpStream, bytes: usize) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[\"")?;
    let block = [b'x'; 65_536];
    for _ in 0..bytes / block.len() {
        stream.write_all(&block)?;
    }
    stream.write_all(b"\"]")
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut request =
        Request { method: words.next()?.to_owned(), target: words.next()?.to_owned(), ..Request::default() };
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    lines.read_exact(&mut request.body).ok()?;
    Some(request)
}
