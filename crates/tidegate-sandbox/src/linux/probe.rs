//! Finding out which layers the kernel grants, by trying.

use super::cgroup::{self, Place, Version};
use super::{landlock, seccomp};
use crate::layer::{Layer, Layers};
use crate::sandbox::Sandbox;
use crate::spec::{Mount, MountKind, Network, Program, Spec};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// The layers that are namespaces.
pub(crate) const NAMESPACES: [Layer; 6] =
    [Layer::User, Layer::Mount, Layer::Pid, Layer::Ipc, Layer::Uts, Layer::Network];

/// The layers that work here; found out once.
pub(crate) fn granted() -> Layers {
    static GRANTED: OnceLock<Layers> = OnceLock::new();
    *GRANTED.get_or_init(find)
}

/// How a layer that works is provided.
pub(crate) fn provided(layer: Layer) -> String {
    let at = cgroup::hierarchies();
    let group = |place: &Option<Place>| match place {
        Some(Place { version: Version::One, folder }) => format!("cgroup v1 at {}", folder.display()),
        Some(Place { version: Version::Two, folder }) => format!("cgroup v2 at {}", folder.display()),
        None => String::new(),
    };
    match layer {
        Layer::Memory => group(&at.memory),
        Layer::Cpu => group(&at.cpu),
        Layer::Pids => group(&at.pids),
        Layer::Freezer => group(&at.freezer),
        Layer::Landlock => format!("Landlock version {}", landlock::version()),
        Layer::Seccomp => "a filter of system calls".to_owned(),
        Layer::User => "a user namespace for each sandbox".to_owned(),
        Layer::Mount | Layer::Pid | Layer::Ipc | Layer::Uts | Layer::Network => "its own namespace".to_owned(),
    }
}

/// Why user namespaces, and with them most of the others, are missing here, and what can be done about it.
pub(crate) fn obstacle() -> Option<&'static str> {
    let setting = |name: &str| std::fs::read_to_string(format!("/proc/sys/{name}")).ok();
    let is = |name: &str, value: &str| setting(name).is_some_and(|text| text.trim() == value);
    if is("kernel/apparmor_restrict_unprivileged_userns", "1") {
        Some("AppArmor denies user namespaces to ordinary users: sysctl kernel.apparmor_restrict_unprivileged_userns=0")
    } else if is("kernel/unprivileged_userns_clone", "0") {
        Some("the kernel denies user namespaces to ordinary users: sysctl kernel.unprivileged_userns_clone=1")
    } else if is("user/max_user_namespaces", "0") {
        Some("user namespaces are switched off: sysctl user.max_user_namespaces=10000")
    } else if Path::new("/.dockerenv").exists() || Path::new("/run/.containerenv").exists() {
        Some("the container runtime denies namespaces: allow them by its security options")
    } else {
        None
    }
}

/// Why the control groups that limit memory are missing here, and what can be done about it.
pub(crate) fn groups_obstacle() -> Option<&'static str> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    // SAFETY: cannot fail and involves no memory.
    let root = unsafe { libc::geteuid() } == 0;
    if !mounts.contains(" - cgroup") {
        Some("no control groups are mounted")
    } else if Path::new("/run/systemd/system").exists() && root {
        Some("run it as a service with Delegate=yes, or by: systemd-run --scope -p Delegate=yes tidegate start")
    } else if Path::new("/run/systemd/system").exists() {
        Some("let it have its own: systemd-run --user --scope -p Delegate=yes tidegate start")
    } else {
        Some("this process may not make control groups with limits of memory")
    }
}

fn find() -> Layers {
    let at = cgroup::hierarchies();
    let groups = [
        (Layer::Memory, at.memory.is_some()),
        (Layer::Cpu, at.cpu.is_some()),
        (Layer::Pids, at.pids.is_some()),
        (Layer::Freezer, at.freezer.is_some()),
        (Layer::Seccomp, seccomp::available()),
    ];
    let layers = groups.into_iter().filter(|(_, there)| *there).fold(namespaces(), |all, (layer, _)| all.with(layer));
    if landlock::version() > 0 && layers.has(Layer::Mount) { layers.with(Layer::Landlock) } else { layers }
}

/// The most namespaces with which a trial sandbox works.
fn namespaces() -> Layers {
    let all = NAMESPACES.into_iter().fold(Layers::default(), Layers::with);
    let one_less = NAMESPACES.into_iter().map(|layer| all.without(layer));
    // Root may do without a user namespace, others may not; and containers often allow it to nobody.
    let mut sets = vec![all];
    sets.extend(one_less);
    sets.extend([Layer::Network, Layer::Ipc, Layer::Uts].map(|layer| all.without(Layer::User).without(layer)));
    sets.into_iter().map(super::consistent).find(|set| works(*set)).unwrap_or_default()
}

/// Whether a program can be run with these layers.
fn works(layers: Layers) -> bool {
    let program = std::env::current_exe().unwrap_or_default();
    let mount = |target: &str, kind| Mount { target: target.into(), kind };
    let mut root = vec![
        mount("/proc", MountKind::Proc),
        mount("/tmp", MountKind::Tmpfs { bytes: 1 << 20, inodes: 16 }),
        mount("/dev/null", MountKind::Device("/dev/null".into())),
    ];
    root.extend(program.parent().map(|folder| mount("/bin", MountKind::ReadOnly(folder.into()))));
    let spec = Spec { root, hostname: "trial".to_owned(), network: Network::Isolated(vec![]), ..Spec::default() };
    let Ok(sandbox) = Sandbox::with_layers(&spec, layers) else { return false };
    // A program that cannot be found gets past every step but the last, which is all that has to be known.
    let missing = Program { argv: vec!["/tidegate-trial".into()], cwd: "/".into(), ..Program::default() };
    let reached = matches!(sandbox.start(&missing), Err(crate::Error::Inside(step, _)) if step == "run the program");
    reached && sandbox.wait_event(Duration::ZERO).is_ok()
}
