//! System calls that programs must not make, one by one.

mod common;

use common::*;

/// Name, number and arguments of each refused call.
fn refused() -> Vec<(&'static str, i64, &'static str)> {
    vec![
        ("mount", libc::SYS_mount, "b'none',b'/tmp',b'tmpfs',0,0"),
        ("umount2", libc::SYS_umount2, "b'/tmp',2"),
        ("pivot_root", libc::SYS_pivot_root, "b'.',b'.'"),
        ("chroot", libc::SYS_chroot, "b'/tmp'"),
        ("open_tree", libc::SYS_open_tree, "-100,b'/',1"),
        ("move_mount", libc::SYS_move_mount, "-100,b'/tmp',-100,b'/opt',0"),
        ("fsopen", libc::SYS_fsopen, "b'tmpfs',0"),
        ("fsmount", libc::SYS_fsmount, "0,0,0"),
        ("mount_setattr", libc::SYS_mount_setattr, "-100,b'/',0,0,0"),
        ("unshare user", libc::SYS_unshare, "0x10000000"),
        ("unshare files", libc::SYS_unshare, "0x400"),
        ("setns", libc::SYS_setns, "0,0"),
        ("clone user", libc::SYS_clone, "0x10000000|17,0,0,0,0"),
        ("clone net", libc::SYS_clone, "0x40000000|17,0,0,0,0"),
        ("bpf", libc::SYS_bpf, "0,0,0"),
        ("perf_event_open", libc::SYS_perf_event_open, "0,0,-1,-1,0"),
        ("userfaultfd", libc::SYS_userfaultfd, "0"),
        ("io_uring_setup", libc::SYS_io_uring_setup, "8,0"),
        ("io_uring_enter", libc::SYS_io_uring_enter, "0,0,0,0,0,0"),
        ("io_uring_register", libc::SYS_io_uring_register, "0,0,0,0"),
        ("keyctl", libc::SYS_keyctl, "0,-3,0"),
        ("add_key", libc::SYS_add_key, "b'user',b'x',b'y',1,-3"),
        ("request_key", libc::SYS_request_key, "b'user',b'x',0,-3"),
        ("kexec_load", libc::SYS_kexec_load, "0,0,0,0"),
        ("kexec_file_load", libc::SYS_kexec_file_load, "0,0,0,0,0"),
        ("init_module", libc::SYS_init_module, "0,0,b''"),
        ("finit_module", libc::SYS_finit_module, "0,b'',0"),
        ("delete_module", libc::SYS_delete_module, "b'x',0"),
        ("open_by_handle_at", libc::SYS_open_by_handle_at, "-100,0,0"),
        ("name_to_handle_at", libc::SYS_name_to_handle_at, "-100,b'/',0,0,0"),
        ("personality", libc::SYS_personality, "0x0400000"),
        ("ptrace traceme", libc::SYS_ptrace, "0,0,0,0"),
        ("ptrace attach", libc::SYS_ptrace, "16,1,0,0"),
        ("process_vm_readv", libc::SYS_process_vm_readv, "1,0,0,0,0,0"),
        ("process_vm_writev", libc::SYS_process_vm_writev, "1,0,0,0,0,0"),
        ("pidfd_getfd", libc::SYS_pidfd_getfd, "0,0,0"),
        ("kcmp", libc::SYS_kcmp, "1,1,0,0,0"),
        ("ioctl TIOCSTI", libc::SYS_ioctl, "0,0x5412,b'x'"),
        ("ioctl TIOCLINUX", libc::SYS_ioctl, "0,0x541c,b'x'"),
        ("reboot", libc::SYS_reboot, "0xfee1dead,672274793,0,0"),
        ("swapon", libc::SYS_swapon, "b'/tmp/x',0"),
        ("sethostname", libc::SYS_sethostname, "b'x',1"),
        ("setdomainname", libc::SYS_setdomainname, "b'x',1"),
        ("settimeofday", libc::SYS_settimeofday, "0,0"),
        ("clock_settime", libc::SYS_clock_settime, "0,0"),
        ("syslog", libc::SYS_syslog, "10,0,0"),
        ("acct", libc::SYS_acct, "0"),
        ("quotactl", libc::SYS_quotactl, "0,0,0,0"),
        ("fanotify_init", libc::SYS_fanotify_init, "0,0"),
        ("memfd_secret", libc::SYS_memfd_secret, "0"),
        ("socket vsock", libc::SYS_socket, "40,1,0"),
        ("socket packet", libc::SYS_socket, "17,3,0"),
        ("socket raw", libc::SYS_socket, "2,3,1"),
        ("socket alg", libc::SYS_socket, "38,5,0"),
        ("socket netlink netfilter", libc::SYS_socket, "16,3,12"),
    ]
}

#[test]
fn dangerous_calls_are_refused_one_by_one() {
    if !isolated() {
        return;
    }
    let mut script = "import ctypes\nl=ctypes.CDLL(None,use_errno=True)\n\
                      def t(n,nr,*a):\n ctypes.set_errno(0);r=l.syscall(nr,*a);print(n,r,ctypes.get_errno(),sep=';')\n"
        .to_owned();
    for (name, number, arguments) in refused() {
        script += &format!("t({name:?},{number},{arguments})\n");
    }
    let Some(outcome) = python(&sandbox(), &script) else { return };
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), refused().len(), "{}", outcome.stderr);
    let expected: Vec<String> = refused().iter().map(|(name, ..)| format!("{name};-1;{}", libc::EPERM)).collect();
    assert_eq!(lines, expected);
}

#[test]
fn calls_without_a_number_here_do_not_exist() {
    if !isolated() {
        return;
    }
    let script = format!(
        "import ctypes\nl=ctypes.CDLL(None,use_errno=True)\nfor nr in [{},463,470,1000]:\n r=l.syscall(nr,0,0,0);print(r,ctypes.get_errno())\n",
        libc::SYS_clone3
    );
    let Some(outcome) = python(&sandbox(), &script) else { return };
    assert_eq!(outcome.stdout, format!("-1 {}\n", libc::ENOSYS).repeat(4));
}

/// What language runtimes need goes on working: threads, subprocesses, workers, files, timers, crypto.
#[test]
fn runtimes_work() {
    if !isolated() {
        return;
    }
    let sandbox = sandbox();
    let script = "import threading,subprocess,tempfile,socket,ssl,select,time,os,hashlib,asyncio\n\
        t=[threading.Thread(target=time.sleep,args=(0.01,)) for _ in range(20)]\n\
        [x.start() for x in t]; [x.join() for x in t]\n\
        print(subprocess.check_output(['/bin/echo','sub']).decode().strip())\n\
        f=tempfile.NamedTemporaryFile(); f.write(b'x'); f.flush()\n\
        e=select.epoll(); e.close(); os.close(os.memfd_create('x'))\n\
        a,b=socket.socketpair(); a.send(b'x'); b.recv(1)\n\
        ssl.create_default_context(); hashlib.sha256(os.urandom(9)); asyncio.run(asyncio.sleep(0.01))\n\
        print(os.getlogin() if 0 else 'ok')\n";
    if let Some(outcome) = python(&sandbox, script) {
        assert_eq!(outcome.stdout, "sub\nok\n", "{}", outcome.stderr);
    }
    let Some(node) = interpreter("node") else { return };
    let script = "const {Worker}=require('worker_threads'),fs=require('fs'),cp=require('child_process'),crypto=require('crypto');\
        new Worker('require(\"worker_threads\").parentPort.postMessage(1)',{eval:true}).on('message',async m=>{\
        fs.writeFileSync('/tmp/x','x');fs.appendFileSync('/tmp/x','y');fs.renameSync('/tmp/x','/tmp/y');\
        const s=cp.execSync('echo sub').toString().trim();\
        await fs.promises.readFile('/tmp/y');crypto.pbkdf2Sync('a','b',10,10,'sha256');\
        await new Promise(r=>setTimeout(r,5));console.log(m,s)})";
    let outcome = run(&sandbox, &program(&[&node, "-e", script]));
    assert_eq!(outcome.stdout, "1 sub\n", "{}", outcome.stderr);
}
