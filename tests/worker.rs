//! The supervised worker, end to end: this executable is both the test and, started with `--worker`, the worker.
//!
//! What a task does is chosen by the path in its `ReadTask`, so every way to die is one word.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test; it has its own main, so clippy does not know it for one"
)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use portcullis::clock::Stopwatch;
use portcullis::facts::ParseStatus;
use portcullis::limits::Limits;
use portcullis::policies::input::FileClass;
use portcullis::worker::protocol::{Answer, Blob, Confinement, Death, Layer, ReadTask, Request, Setup, Target, Task};
use portcullis::worker::{Supervisor, WorkerCommand, WorkerError};

#[path = "worker/stage.rs"]
mod stage;

// The allocator of the real worker, because its reservations count against the limits.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The tests by name; one that is missing here is dead code, which the lints refuse.
macro_rules! tests {
    ($($name:ident,)*) => { const TESTS: &[(&str, fn())] = &[$((stringify!($name), $name),)*]; };
}

tests! {
    a_task_that_hangs_times_out_and_only_that_one_row_47,
    a_task_that_aborts_is_a_crash_and_all_others_arrive_row_48,
    a_segfault_is_a_crash_row_48,
    a_stack_overflow_is_a_crash_row_48,
    a_panic_is_a_crash,
    a_task_that_exits_cleanly_is_a_crash,
    allocating_without_end_is_memory,
    one_allocation_over_the_limit_is_memory,
    a_parse_over_the_memory_limit_is_memory_row_43,
    a_grammar_that_aborts_is_a_crash_row_48,
    a_large_but_allowed_allocation_is_no_death,
    a_kill_from_outside_is_memory,
    deaths_do_not_depend_on_threads_or_order_row_66,
    more_than_a_hundred_deaths_give_up_the_run,
    a_missing_executable_is_an_error,
    an_executable_that_is_no_worker_is_an_error,
    a_worker_that_never_gets_ready_is_an_error,
    garbage_before_ready_is_an_error,
    garbage_from_a_task_is_a_crash_of_that_task,
    a_huge_length_prefix_from_a_task_is_a_crash_of_that_task,
    an_answer_of_the_wrong_kind_is_a_crash,
    a_worker_that_closes_its_output_and_lives_is_an_error,
    the_worker_sees_no_variable_of_its_parent,
    the_worker_opens_no_file_and_no_socket,
    a_worker_says_what_confines_it_and_only_what_the_kernel_lacks_is_missing,
    a_confined_worker_can_do_nothing_but_compute,
    a_panic_with_a_backtrace_is_a_crash_under_confinement_too,
    confinement_costs_little,
    one_process_serves_several_runs,
    a_new_worker_gets_the_document_again,
    every_part_of_the_document_is_there_before_a_task_and_in_a_new_worker_too,
    an_evaluation_over_its_limit_times_out_row_94,
    a_soft_timeout_beside_others_is_tried_alone,
    tasks_are_taken_as_the_worker_has_room,
    an_abandoned_run_leaves_nothing_behind,
    no_process_outlives_its_supervisor,
    a_worker_whose_supervisor_is_gone_ends_though_a_task_hangs,
    no_tasks_start_no_process,
    two_thousand_files_pass_quickly,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        // Never a bare word: `cargo test <word>` hands that to every test executable.
        Some("--worker") => stage::serve(),
        Some("--sleep") => {
            std::thread::sleep(Duration::from_secs(600));
            ExitCode::SUCCESS
        }
        Some("--garbage") => {
            std::io::stdout().write_all(&[0xff; 4096]).unwrap();
            ExitCode::SUCCESS
        }
        _ => run_tests(&arguments),
    }
}

/// Runs the tests whose name contains a given word, one after the other, in the manner of the standard harness.
fn run_tests(arguments: &[String]) -> ExitCode {
    if arguments.iter().any(|argument| argument == "--list") {
        TESTS.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let words: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let mut failed = 0;
    for (name, test) in
        TESTS.iter().filter(|(name, _)| words.is_empty() || words.iter().any(|word| name.contains(*word)))
    {
        let clock = Stopwatch::start();
        let passed = std::panic::catch_unwind(test).is_ok();
        println!("test {name} ... {} ({} ms)", if passed { "ok" } else { "FAILED" }, clock.elapsed().as_millis());
        failed += u32::from(!passed);
    }
    println!("{failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Outcomes = BTreeMap<u64, Result<String, Death>>;

fn command(argument: &str) -> WorkerCommand {
    WorkerCommand { program: std::env::current_exe().unwrap(), args: vec![OsString::from(argument)] }
}

fn shell(script: &str) -> WorkerCommand {
    WorkerCommand { program: PathBuf::from("/bin/sh"), args: vec!["-c".into(), script.into()] }
}

/// Budgets small enough for tests: a read is killed after 2.3 s, an evaluation after 1.15 s and the time to load.
fn setup(threads: u32) -> Setup {
    let limits =
        Limits { file_ms: 100, load_ms: 1_000, evaluation_ms: 100, worker_bytes: 300_000_000, ..Limits::default() };
    Setup { threads, limits, ..Setup::default() }
}

fn supervisor(threads: u32) -> Supervisor {
    Supervisor::new(command("--worker"), setup(threads))
}

fn read_task(path: &str, bytes: usize) -> Task {
    let blob = || Some(Blob { bytes: vec![b'x'; bytes] });
    let (path, old_path) = (path.to_owned(), path.to_owned());
    Task::Read(ReadTask {
        path,
        old_path,
        class: FileClass::Source,
        old: blob(),
        new: blob(),
        known: None,
        learn: false,
    })
}

fn text(answer: Answer) -> String {
    match answer {
        Answer::Read(facts) => {
            format!("{}{}", facts.language, if facts.parsed.status == ParseStatus::Timeout { " late" } else { "" })
        }
        Answer::Imports(_) => "imports".to_owned(),
        Answer::Loaded(_) => "loaded".to_owned(),
        Answer::Evaluated(said, _) => said.into_iter().flat_map(|evaluation| evaluation.prints).collect(),
        Answer::Planned(_) => "planned".to_owned(),
        Answer::Tried(_) => "tried".to_owned(),
        Answer::Probed(_) => "probed".to_owned(),
        Answer::Reported(_) => "reported".to_owned(),
    }
}

/// Runs the tasks and returns what was delivered; a second delivery under one id fails the test.
fn run_tasks(supervisor: &mut Supervisor, tasks: Vec<(u64, Task)>) -> Result<Outcomes, WorkerError> {
    let mut outcomes = Outcomes::new();
    supervisor.run(tasks, |id, result| {
        let before = outcomes.insert(id, result.map(text));
        assert_eq!(before, None, "{id} was delivered twice");
    })?;
    Ok(outcomes)
}

fn run_paths(threads: u32, paths: &[&str]) -> Outcomes {
    let tasks = (0..).zip(paths).map(|(id, path)| (id, read_task(path, 10))).collect();
    run_tasks(&mut supervisor(threads), tasks).unwrap()
}

/// Runs one task of that path among eleven harmless ones and asserts that it alone dies, and how.
fn assert_dies_alone(path: &str, death: Death) {
    let mut paths = vec!["slow"; 12];
    paths[5] = path;
    let outcomes = run_paths(4, &paths);
    assert_eq!(outcomes.len(), 12);
    for (id, outcome) in outcomes {
        let expected = if id == 5 { Err(death) } else { Ok(String::new()) };
        assert_eq!(outcome, expected, "item {id} beside {path}");
    }
}

fn a_task_that_hangs_times_out_and_only_that_one_row_47() {
    assert_dies_alone("hang", Death::Timeout);
}

fn a_task_that_aborts_is_a_crash_and_all_others_arrive_row_48() {
    assert_dies_alone("abort", Death::Crash);
}

fn a_segfault_is_a_crash_row_48() {
    assert_dies_alone("segfault", Death::Crash);
}

fn a_stack_overflow_is_a_crash_row_48() {
    assert_dies_alone("overflow", Death::Crash);
}

fn a_panic_is_a_crash() {
    assert_dies_alone("panic", Death::Crash);
}

fn a_task_that_exits_cleanly_is_a_crash() {
    assert_dies_alone("exit", Death::Crash);
}

fn allocating_without_end_is_memory() {
    assert_dies_alone("hog", Death::Memory);
}

fn one_allocation_over_the_limit_is_memory() {
    assert_dies_alone("gulp", Death::Memory);
    assert_dies_alone("double", Death::Memory);
}

fn a_parse_over_the_memory_limit_is_memory_row_43() {
    let mut setup = setup(2);
    // Time enough that memory runs out first, on a busy machine too.
    setup.limits.file_ms = 30_000;
    let tasks = vec![(0, read_task("slow", 10)), (1, read_task("chain", 10)), (2, read_task("slow", 10))];
    let outcomes = run_tasks(&mut Supervisor::new(command("--worker"), setup), tasks).unwrap();
    assert_eq!(outcomes, Outcomes::from([(0, Ok(String::new())), (1, Err(Death::Memory)), (2, Ok(String::new()))]));
}

fn a_grammar_that_aborts_is_a_crash_row_48() {
    // NOTE: a true bug of tree-sitter-python (its issue 350). Where an update mends it, another file is needed here.
    assert_dies_alone("indents", Death::Crash);
}

fn a_large_but_allowed_allocation_is_no_death() {
    // Eight at a time go over the limit together, and none of them does alone.
    let outcomes = run_paths(8, &["large"; 16]);
    assert!(outcomes.values().all(|outcome| *outcome == Ok((100 << 20).to_string())), "{outcomes:?}");
}

fn a_kill_from_outside_is_memory() {
    assert_dies_alone("kill", Death::Memory);
}

fn deaths_do_not_depend_on_threads_or_order_row_66() {
    let mut paths = vec!["slow"; 50];
    paths[7] = "abort";
    paths[8] = "hog";
    paths[31] = "panic";
    let tasks = || (0..).zip(&paths).map(|(id, path)| (id, read_task(path, 10))).collect::<Vec<_>>();
    let one = run_tasks(&mut supervisor(1), tasks()).unwrap();
    assert_eq!(one.values().filter(|outcome| outcome.is_err()).count(), 3);
    assert_eq!(one.len(), 50);
    for threads in [8, 16] {
        assert_eq!(run_tasks(&mut supervisor(threads), tasks()).unwrap(), one);
        let reversed = tasks().into_iter().rev().collect();
        assert_eq!(run_tasks(&mut supervisor(threads), reversed).unwrap(), one);
    }
}

fn more_than_a_hundred_deaths_give_up_the_run() {
    let tasks = |count| (0..count).map(|id| (id, read_task("abort", 10))).collect();
    assert_eq!(run_tasks(&mut supervisor(4), tasks(100)).unwrap().len(), 100);
    assert!(matches!(run_tasks(&mut supervisor(4), tasks(101)), Err(WorkerError::TooManyDeaths)));
}

fn assert_error(command: WorkerCommand, expected: fn(&WorkerError) -> bool) {
    let mut supervisor = Supervisor::new(command, setup(2));
    let mut delivered = 0;
    let error = supervisor.run([(0, Task::Load), (1, Task::Load)], |_, _| delivered += 1).unwrap_err();
    assert!(expected(&error), "{error:?}");
    assert_eq!(delivered, 0);
}

fn a_missing_executable_is_an_error() {
    let missing = WorkerCommand { program: PathBuf::from("/nowhere/portcullis"), args: Vec::new() };
    assert_error(missing, |error| matches!(error, WorkerError::Spawn { .. }));
}

fn an_executable_that_is_no_worker_is_an_error() {
    assert_error(shell("exit 0"), |error| matches!(error, WorkerError::NotReady(Death::Crash)));
}

fn a_worker_that_never_gets_ready_is_an_error() {
    assert_error(command("--sleep"), |error| matches!(error, WorkerError::NotReady(Death::Timeout)));
}

fn garbage_before_ready_is_an_error() {
    assert_error(command("--garbage"), |error| matches!(error, WorkerError::NotReady(Death::Crash)));
}

fn garbage_from_a_task_is_a_crash_of_that_task() {
    assert_dies_alone("garbage", Death::Crash);
}

fn a_huge_length_prefix_from_a_task_is_a_crash_of_that_task() {
    // The bytes that the prefix announces never come, so what ends it is the time limit of the task.
    let outcomes = run_paths(1, &["slow", "prefix"]);
    assert_eq!(outcomes, Outcomes::from([(0, Ok(String::new())), (1, Err(Death::Timeout))]));
}

fn an_answer_of_the_wrong_kind_is_a_crash() {
    assert_dies_alone("wrong", Death::Crash);
}

fn a_worker_that_closes_its_output_and_lives_is_an_error() {
    // A grandchild keeps the other pipes open; nothing may wait for it.
    let clock = Stopwatch::start();
    assert_error(shell("exec >&-; sleep 600 & wait"), |error| matches!(error, WorkerError::NotReady(Death::Crash)));
    assert!(clock.elapsed() < Duration::from_secs(60));
}

fn the_worker_sees_no_variable_of_its_parent() {
    let outcomes = run_paths(1, &["environment"]);
    assert!(std::env::vars_os().count() > 1, "the parent has variables to leak");
    assert_eq!(outcomes[&0], Ok("MIMALLOC_ARENA_EAGER_COMMIT,RUST_LIB_BACKTRACE".to_owned()));
}

fn the_worker_opens_no_file_and_no_socket() {
    if cfg!(target_os = "linux") {
        assert_eq!(run_paths(1, &["open"])[&0], Ok("false false".to_owned()));
    }
}

fn confinement() -> Confinement {
    let mut supervisor = supervisor(2);
    run_tasks(&mut supervisor, vec![(0, Task::Load)]).unwrap();
    supervisor.confinement().expect("a worker says what confines it before it takes a task").clone()
}

fn a_worker_says_what_confines_it_and_only_what_the_kernel_lacks_is_missing() {
    let confinement = confinement();
    println!("  {confinement:?}");
    if !cfg!(target_os = "linux") {
        println!("  this system offers no confinement");
        return;
    }
    assert_eq!(confinement.limits, Layer::Active);
    assert!(!confinement.opens_files && !confinement.opens_sockets, "{confinement:?}");
    if let Layer::Absent(why) = &confinement.landlock {
        assert!(!offers_landlock(), "the kernel offers Landlock and the worker does not use it: {why}");
        println!("  not tested here, the kernel has no Landlock: {why}");
    }
    if let Layer::Absent(why) = &confinement.seccomp {
        assert!(!offers_seccomp(), "the kernel offers seccomp and the worker does not use it: {why}");
        println!("  not tested here, the kernel has no seccomp: {why}");
    }
    assert_eq!(confinement.is_whole(), offers_landlock() && offers_seccomp());
}

/// Asks the kernel itself, in a thread that does not matter.
#[cfg(target_os = "linux")]
fn offers_landlock() -> bool {
    use landlock::{AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr};
    let rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement).handle_access(AccessFs::ReadFile);
    rules.is_ok_and(|rules| rules.create().is_ok())
}

/// Takes a filter that allows everything but one call that nobody makes, in a thread that does not matter.
#[cfg(target_os = "linux")]
fn offers_seccomp() -> bool {
    use seccompiler::{SeccompAction, SeccompFilter, TargetArch, apply_filter};
    let Ok(target) = TargetArch::try_from(std::env::consts::ARCH) else { return false };
    if !cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
        return false;
    }
    let rules = BTreeMap::from([(libc::SYS_acct, Vec::new())]);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(1), target).unwrap();
    let program: seccompiler::BpfProgram = filter.try_into().unwrap();
    std::thread::spawn(move || apply_filter(&program).is_ok()).join().unwrap()
}

#[cfg(not(target_os = "linux"))]
fn offers_landlock() -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn offers_seccomp() -> bool {
    false
}

fn a_confined_worker_can_do_nothing_but_compute() {
    let confinement = confinement();
    if confinement.seccomp != Layer::Active {
        assert!(!offers_seccomp());
        println!("  not tested here: {:?}", confinement.seccomp);
        return;
    }
    assert_eq!(run_paths(1, &["attempts"])[&0], Ok(String::new()), "what a confined worker could do");
}

fn a_panic_with_a_backtrace_is_a_crash_under_confinement_too() {
    if cfg!(unix) {
        let program = std::env::current_exe().unwrap().into_os_string();
        let script = r#"RUST_BACKTRACE=full RUST_LIB_BACKTRACE=1 exec "$0" --worker"#;
        let command = WorkerCommand { program: "/bin/sh".into(), args: vec!["-c".into(), script.into(), program] };
        let tasks = vec![(0, read_task("panic", 1)), (1, read_task("", 1)), (2, read_task("overflow", 1))];
        let outcomes = run_tasks(&mut Supervisor::new(command, setup(2)), tasks).unwrap();
        let expected = [(0, Err(Death::Crash)), (1, Ok("1".to_owned())), (2, Err(Death::Crash))];
        assert_eq!(outcomes, Outcomes::from(expected));
    }
}

/// Measured in a debug build as a fraction of a millisecond; the bound leaves room for a busy machine.
fn confinement_costs_little() {
    let mut elapsed: Vec<u64> = (0..21).map(|_| confinement().microseconds).collect();
    elapsed.sort_unstable();
    println!("  confinement: {} microseconds in the middle of 21", elapsed[10]);
    assert!(elapsed[10] < 10_000);
}

fn one_process_serves_several_runs() {
    let mut supervisor = supervisor(2);
    let first = run_tasks(&mut supervisor, vec![(0, read_task("process", 1)), (1, Task::Load)]).unwrap();
    let second = run_tasks(&mut supervisor, vec![(0, read_task("process", 1))]).unwrap();
    assert_eq!(first[&0], second[&0]);
    assert_eq!(first[&1], Ok("loaded".to_owned()));
}

fn evaluate(package: u32) -> Task {
    Task::Evaluate { package, targets: vec![Target::Change] }
}

fn a_new_worker_gets_the_document_again() {
    let mut supervisor = supervisor(2);
    run_tasks(&mut supervisor, vec![(0, Task::Load)]).unwrap();
    supervisor.document(b"one".to_vec()).unwrap();
    let tasks = || vec![(0, evaluate(0)), (1, evaluate(98)), (2, evaluate(1))];
    let outcomes = run_tasks(&mut supervisor, tasks()).unwrap();
    assert_eq!(outcomes, Outcomes::from([(0, Ok("one".into())), (1, Err(Death::Crash)), (2, Ok("one".into()))]));
    supervisor.document(b"two".to_vec()).unwrap();
    assert_eq!(run_tasks(&mut supervisor, tasks()).unwrap()[&2], Ok("two".into()));
    supervisor.document(b"die".to_vec()).unwrap();
    assert!(matches!(run_tasks(&mut supervisor, tasks()), Err(WorkerError::NotReady(Death::Crash))));
}

fn every_part_of_the_document_is_there_before_a_task_and_in_a_new_worker_too() {
    let mut supervisor = supervisor(4);
    supervisor.begin();
    for head in ["a", "b"] {
        supervisor.document(head.into()).unwrap();
        for part in 0..8 {
            supervisor.files(part.to_string().into_bytes()).unwrap();
        }
        let whole = Ok(format!("{head}01234567"));
        let tasks = vec![(0, evaluate(0)), (1, evaluate(98)), (2, evaluate(1))];
        let outcomes = run_tasks(&mut supervisor, tasks).unwrap();
        assert_eq!(outcomes, Outcomes::from([(0, whole.clone()), (1, Err(Death::Crash)), (2, whole)]));
    }
}

fn an_evaluation_over_its_limit_times_out_row_94() {
    let mut supervisor = supervisor(2);
    let outcomes = run_tasks(&mut supervisor, vec![(0, evaluate(99)), (1, evaluate(0))]).unwrap();
    assert_eq!(outcomes, Outcomes::from([(0, Err(Death::Timeout)), (1, Ok(String::new()))]));
}

fn a_soft_timeout_beside_others_is_tried_alone() {
    let outcomes = run_paths(4, &["hurried"; 8]);
    assert!(outcomes.values().all(|outcome| *outcome == Ok(String::new())), "{outcomes:?}");
    let outcomes = run_tasks(&mut supervisor(2), (0..4).map(|id| (id, evaluate(97))).collect()).unwrap();
    assert!(outcomes.values().all(|outcome| *outcome == Ok("0 faults".to_owned())), "{outcomes:?}");
}

fn tasks_are_taken_as_the_worker_has_room() {
    let taken = std::cell::Cell::new(0_u32);
    let delivered = std::cell::Cell::new(0_u32);
    let most = std::cell::Cell::new(0_u32);
    let tasks = (0..60).map(|id| {
        taken.set(taken.get() + 1);
        most.set(most.get().max(taken.get() - delivered.get()));
        (id, read_task("", 2 << 20))
    });
    supervisor(2)
        .run(tasks, |_, result| {
            assert!(result.is_ok());
            delivered.set(delivered.get() + 1);
        })
        .unwrap();
    assert_eq!(delivered.get(), 60);
    assert!(most.get() <= 9, "{} tasks of 4 MiB were in memory", most.get());
}

fn an_abandoned_run_leaves_nothing_behind() {
    let mut supervisor = supervisor(2);
    let tasks: Vec<_> = (0..20).map(|id| (id, read_task("slow", 10))).collect();
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = supervisor.run(tasks, |_, _| panic!("the caller gives up"));
    }));
    assert!(unwound.is_err());
    let outcomes = run_tasks(&mut supervisor, vec![(0, read_task("", 7))]).unwrap();
    assert_eq!(outcomes, Outcomes::from([(0, Ok("7".to_owned()))]));
}

fn no_process_outlives_its_supervisor() {
    let mut supervisor = supervisor(2);
    let paths = ["process", "abort", "process"];
    let tasks = (0..).zip(paths).map(|(id, path)| (id, read_task(path, 10))).collect();
    let outcomes = run_tasks(&mut supervisor, tasks).unwrap();
    drop(supervisor);
    for id in [0, 2] {
        let number = outcomes[&id].clone().unwrap().parse().unwrap();
        let process = rustix::process::Pid::from_raw(number).unwrap();
        assert!(rustix::process::test_kill_process(process).is_err(), "{number} still runs or was not reaped");
    }
}

fn a_worker_whose_supervisor_is_gone_ends_though_a_task_hangs() {
    let mut worker = std::process::Command::new(std::env::current_exe().unwrap())
        .arg("--worker")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .env_clear()
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        .spawn()
        .unwrap();
    let mut input = worker.stdin.take().unwrap();
    for request in [Request::Setup(Box::new(setup(1))), Request::Task(0, Box::new(read_task("hang", 10)))] {
        let bytes = postcard::to_stdvec(&request).unwrap();
        input.write_all(&u32::try_from(bytes.len()).unwrap().to_le_bytes()).unwrap();
        input.write_all(&bytes).unwrap();
    }
    // Three frames: confined, ready, and started.
    let output = worker.stdout.as_mut().unwrap();
    for _ in 0..3 {
        let mut length = [0; 4];
        output.read_exact(&mut length).unwrap();
        output.read_exact(&mut vec![0; u32::from_le_bytes(length) as usize]).unwrap();
    }
    drop(input);
    let clock = Stopwatch::start();
    while worker.try_wait().unwrap().is_none() {
        if clock.elapsed() > Duration::from_secs(20) {
            worker.kill().unwrap();
            panic!("the worker lives on");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn no_tasks_start_no_process() {
    let missing = WorkerCommand { program: PathBuf::from("/nowhere/portcullis"), args: Vec::new() };
    assert!(Supervisor::new(missing, setup(2)).run([], |_, _| {}).is_ok());
}

fn two_thousand_files_pass_quickly() {
    let clock = Stopwatch::start();
    let mut supervisor = supervisor(2);
    run_tasks(&mut supervisor, vec![(0, read_task("", 10))]).unwrap();
    println!("  spawn, setup and one task: {:?}", clock.elapsed());
    let clock = Stopwatch::start();
    run_tasks(&mut supervisor, vec![(0, read_task("", 10))]).unwrap();
    println!("  one more task: {:?}", clock.elapsed());
    let clock = Stopwatch::start();
    let mut count = 0;
    supervisor
        .run((0..2_000).map(|id| (id, read_task("", 20_000))), |_, result| count += u32::from(result.is_ok()))
        .unwrap();
    println!("  2,000 tasks of 20 kB both sides: {:?}", clock.elapsed());
    assert_eq!(count, 2_000);
    assert!(clock.elapsed() < Duration::from_secs(10));
}
