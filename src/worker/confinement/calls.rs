//! seccomp: the worker keeps the system calls that computing and its three pipes need, and no other.
//!
//! Owns the list. What is not on it fails with EPERM rather than killing the process: libraries that look around lazily
//! (an allocator for the topology of the machine, a panic for the names of functions) go on without, and what was only
//! an attempt is not taken for a crash. A call by the numbers of another architecture ends the process.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::RawFd;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

use super::Layer;

/// Calls that are left whatever their arguments.
const FREE: &[libc::c_long] = &[
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Threads that wait for each other, and their end. None is started.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getcpu,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    // Time.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
    libc::SYS_restart_syscall,
    // The seeds of hash tables.
    libc::SYS_getrandom,
    // Dying in an orderly way.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // Closing takes away, and gives nothing.
    libc::SYS_close,
];

/// Keeps only the listed calls, in all threads of the process. `output` is the descriptor of the answers.
pub(super) fn give_up(output: RawFd) -> Layer {
    let program = match program(output) {
        Ok(program) => program,
        Err(error) => return Layer::Absent(error.to_string()),
    };
    match apply_filter_all_threads(&program) {
        Ok(()) if is_refused() => Layer::Active,
        Ok(()) => Layer::Absent("the kernel took it, and does not hold it".to_owned()),
        Err(seccompiler::Error::Prctl(error) | seccompiler::Error::Seccomp(error)) => {
            Layer::Absent(format!("the system refuses it: {error}"))
        }
        Err(error) => Layer::Absent(error.to_string()),
    }
}

/// Says whether opening fails in the way of this layer, and not in that of another.
fn is_refused() -> bool {
    File::open("/").is_err_and(|error| error.raw_os_error() == Some(libc::EPERM))
}

fn program(output: RawFd) -> Result<BpfProgram, BackendError> {
    let target = if cfg!(target_arch = "x86_64") { TargetArch::x86_64 } else { TargetArch::aarch64 };
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    SeccompFilter::new(rules(output)?, refused, SeccompAction::Allow, target)?.try_into()
}

fn rules(output: RawFd) -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = FREE.iter().map(|call| (*call, Vec::new())).collect();
    // Descriptors that the worker was born with and did not ask for are of no use to it.
    let write = [libc::STDOUT_FILENO, libc::STDERR_FILENO, output];
    for call in [libc::SYS_write, libc::SYS_writev] {
        rules.insert(call, write.into_iter().map(first_is).collect::<Result<_, _>>()?);
    }
    for call in [libc::SYS_read, libc::SYS_readv] {
        rules.insert(call, vec![first_is(libc::STDIN_FILENO)?]);
    }
    // Signals to itself only: abort, and the handler of stack overflows.
    let own = std::process::id().cast_signed();
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        rules.insert(call, vec![first_is(own)?]);
    }
    // Memory that is nobody's file, and that never holds instructions.
    let data = bits(2, libc::PROT_EXEC, 0)?;
    let anonymous = bits(3, libc::MAP_ANONYMOUS, libc::MAP_ANONYMOUS)?;
    rules.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![data.clone(), anonymous])?]);
    rules.insert(libc::SYS_mprotect, vec![SeccompRule::new(vec![data])?]);
    Ok(rules)
}

/// The first argument is that number.
fn first_is(number: i32) -> Result<SeccompRule, BackendError> {
    let value = u64::from(number.cast_unsigned());
    SeccompRule::new(vec![SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)?])
}

/// Of that argument, the bits of `mask` are as in `value`.
fn bits(argument: u8, mask: i32, value: i32) -> Result<SeccompCondition, BackendError> {
    let (mask, value) = (u64::from(mask.cast_unsigned()), u64::from(value.cast_unsigned()));
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), value)
}
