//! The worker's side of the test: a workshop whose tasks end as their path says.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use portcullis::facts::{FileFacts, ParseStatus, Parsed};
use portcullis::policies::{Evaluation, Fault, Loaded};
use portcullis::worker::protocol::{Answer, ReadTask, Task};
use portcullis::worker::{Workshop, serve_standard_streams};

/// Lives the life of a worker.
pub(crate) fn serve() -> ExitCode {
    match serve_standard_streams(|_| Stage::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => panic!("{error}"),
    }
}

#[derive(Default)]
struct Stage {
    document: Vec<u8>,
    files: Mutex<BTreeMap<u32, Vec<u8>>>,
    read: std::sync::atomic::AtomicU32,
    running: std::sync::atomic::AtomicU32,
}

impl Workshop for Stage {
    fn document(&mut self, json: Vec<u8>) {
        if json == b"die" {
            std::process::abort();
        }
        self.document = json;
        *self.files.get_mut().unwrap() = BTreeMap::new();
    }

    fn review(&mut self, _json: Vec<u8>) {}

    fn files(&self, part: u32, json: Vec<u8>) {
        std::thread::sleep(Duration::from_millis(20));
        self.files.lock().unwrap().insert(part, json);
    }

    fn perform(&self, task: &Task) -> Answer {
        match task {
            Task::Read(task) => self.read(task),
            Task::Imports(_) => Answer::Imports(Box::default()),
            Task::Load | Task::Probe(_) => Answer::Loaded(Loaded::default()),
            Task::Plan => Answer::Planned(Box::default()),
            Task::Try(_) => Answer::Tried(Box::default()),
            Task::Report(_) => Answer::Reported(Box::default()),
            Task::Evaluate { package: 99, .. } => hang(),
            Task::Evaluate { package: 98, .. } => std::process::abort(),
            Task::Evaluate { package: 97, .. } => self.hurried_evaluation(),
            Task::Evaluate { .. } => {
                let files: Vec<Vec<u8>> = self.files.lock().unwrap().values().cloned().collect();
                let document = [self.document.clone(), files.concat()].concat();
                let prints = vec![String::from_utf8_lossy(&document).into_owned()];
                Answer::Evaluated(vec![Evaluation { results: Vec::new(), prints, faults: Vec::new() }], 1)
            }
        }
    }
}

impl Stage {
    /// Ends in time only where nothing has run before it in this process.
    fn hurried_evaluation(&self) -> Answer {
        let first = self.read.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        let fault = Fault {
            path: String::new(),
            line: 0,
            column: 0,
            code: "evaluation-timeout".to_owned(),
            message: String::new(),
            hint: String::new(),
        };
        let faults = if first { Vec::new() } else { vec![fault] };
        let prints = vec![format!("{} faults", faults.len())];
        Answer::Evaluated(vec![Evaluation { results: Vec::new(), prints, faults }], 1)
    }

    fn read(&self, task: &ReadTask) -> Answer {
        use std::sync::atomic::Ordering::SeqCst;
        let beside = self.running.fetch_add(1, SeqCst);
        let count = self.read.fetch_add(1, SeqCst);
        let act = task.path.split('/').next().unwrap_or_default();
        let mut status = ParseStatus::Ok;
        let said = match act {
            "hang" => hang(),
            "abort" => std::process::abort(),
            "segfault" => signal_self(rustix::process::Signal::SEGV),
            "kill" => signal_self(rustix::process::Signal::KILL),
            "overflow" => overflow(u64::from(count)).to_string(),
            "panic" => panic!("as told"),
            "exit" => std::process::exit(0),
            "hog" => hog(),
            "gulp" => vec![1_u8; 1 << 40].len().to_string(),
            "double" => vec![1_u8; 600 << 20].len().to_string(),
            "chain" => parse_python(&"1+".repeat(2_000_000)),
            "indents" => parse_python(&indents()),
            "large" => vec![1_u8; 100 << 20].len().to_string(),
            "garbage" => write_raw(&[2, 0, 0, 0, 0xff, 0xff]),
            "prefix" => write_raw(&[0xff, 0xff, 0xff, 0x3f]),
            "wrong" => return Answer::Loaded(Loaded::default()),
            "slow" => {
                std::thread::sleep(Duration::from_millis(20));
                String::new()
            }
            "hurried" => {
                std::thread::sleep(Duration::from_millis(100));
                if beside > 0 {
                    status = ParseStatus::Timeout;
                }
                String::new()
            }
            "environment" => {
                std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect::<Vec<_>>().join(",")
            }
            "open" => format!(
                "{} {}",
                std::fs::File::open("/proc/self/status").is_ok(),
                std::net::UdpSocket::bind("127.0.0.1:0").is_ok()
            ),
            "attempts" => attempts(),
            "count" => count.to_string(),
            "process" => std::process::id().to_string(),
            _ => task.new.as_ref().map_or(0, |blob| blob.bytes.len()).to_string(),
        };
        self.running.fetch_sub(1, SeqCst);
        Answer::Read(Box::new(facts(said, status)))
    }
}

fn parse_python(text: &str) -> String {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).unwrap();
    parser.parse(text, None).unwrap().root_node().kind().to_owned()
}

/// Returns a Python file whose scanner state does not fit the buffer of its grammar.
fn indents() -> String {
    let mut text: String = (0..1_100).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    text.push_str(&format!("{}\"text\"\n", " ".repeat(1_100)));
    text
}

/// Tries everything that a confined worker must not be able to do, and returns what succeeded.
fn attempts() -> String {
    let own = std::env::current_dir().is_ok();
    let attempts: [(&str, bool); 12] = [
        ("read a file", std::fs::read("/proc/self/status").is_ok()),
        ("write a file", std::fs::write("/tmp/portcullis-was-here", "x").is_ok()),
        ("list a folder", std::fs::read_dir("/").is_ok()),
        ("look at a file", std::fs::metadata("/").is_ok()),
        ("remove a file", std::fs::remove_file("/tmp/portcullis-was-never-here").map_or_else(is_missing, |()| true)),
        ("make a folder", std::fs::create_dir("/tmp/portcullis-was-here-too").is_ok()),
        ("open a socket", std::net::UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("connect", std::net::TcpStream::connect("127.0.0.1:9").map_or_else(is_heard, |_| true)),
        ("start a program", std::process::Command::new("/bin/true").status().is_ok()),
        ("start a thread", std::thread::Builder::new().spawn(|| ()).is_ok()),
        ("signal another process", rustix::process::test_kill_process(rustix::process::Pid::INIT).is_ok()),
        (
            "read another descriptor",
            rustix::io::read(std::io::stdout(), &mut [0; 1]).map_or_else(is_readable, |_| true),
        ),
    ];
    let done = attempts.iter().filter(|(_, done)| *done).map(|(name, _)| *name);
    let place = ["know where it is"].into_iter().filter(|_| own);
    done.chain(place).collect::<Vec<_>>().join(", ")
}

/// The kernel looked for it: nothing but the name was wrong.
fn is_missing(error: std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

/// The network said that nobody listens, so a socket was there.
fn is_heard(error: std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::ConnectionRefused
}

/// The kernel says what is wrong with that descriptor, so the call reached it.
fn is_readable(error: rustix::io::Errno) -> bool {
    error == rustix::io::Errno::BADF
}

fn hang() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

fn hog() -> ! {
    let mut hoard = Vec::new();
    loop {
        hoard.push(vec![1_u8; 1 << 20]);
    }
}

fn overflow(depth: u64) -> u64 {
    let page = std::hint::black_box([depth; 512]);
    if depth == u64::MAX { 0 } else { overflow(depth + 1) + page[0] }
}

fn signal_self(signal: rustix::process::Signal) -> ! {
    // Once is not enough: the standard library's handler takes the first SIGSEGV for a fault that will come again.
    loop {
        rustix::process::kill_process(rustix::process::getpid(), signal).unwrap();
    }
}

fn write_raw(bytes: &[u8]) -> ! {
    let mut output = std::io::stdout();
    output.write_all(bytes).unwrap();
    output.flush().unwrap();
    hang()
}

fn facts(said: String, status: ParseStatus) -> FileFacts {
    FileFacts {
        language: said,
        binary: false,
        lfs_pointer: false,
        added: 0,
        removed: 0,
        hunks: Vec::new(),
        parsed: Parsed { status, errors_in_change: false },
        error_lines: Vec::new(),
        symbols: Vec::new(),
        imports: Vec::new(),
        calls: Vec::new(),
        matches: Vec::new(),
        tests: Vec::new(),
        commented: Vec::new(),
        hidden: Vec::new(),
        secrets: Vec::new(),
        values: portcullis::facts::secrets::Values::default(),
        documents: portcullis::documents::Sides::default(),
        dependencies: portcullis::dependencies::Dependencies::default(),
        faults: Vec::new(),
        learnt: Vec::new(),
    }
}
