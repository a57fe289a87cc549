//! The parts that every Unix has.

use std::io::Read;
use std::time::Duration;
use tidegate_sandbox::{Event, Options, Program, Sandbox, Spec, Status};

fn shell(script: &str) -> Program {
    Program { argv: vec!["/bin/sh".into(), "-c".into(), script.into()], cwd: "/".into(), ..Program::default() }
}

#[test]
fn a_program_runs_and_ends() {
    let sandbox = Sandbox::spawn(&Spec::default(), &Options::default()).unwrap();
    let process = sandbox.start(&shell("echo hello; exit 3")).unwrap();
    let mut text = String::new();
    std::fs::File::from(process.stdout).read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello\n");
    let event = sandbox.wait_event(Duration::from_secs(5)).unwrap();
    assert_eq!(event, Some(Event::Exited { program: process.id, status: Status::Code(3), out_of_memory: false }));
}
