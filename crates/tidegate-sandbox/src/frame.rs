//! Framed messages with file descriptors over a Unix stream socket.
//!
//! A frame is an eight-byte head (length of the body, number of descriptors) that carries the descriptors, then the
//! body. A stream socket rather than `SOCK_SEQPACKET`, because not every Unix has the latter.

use crate::limits;
use std::io::{self, Read, Write};
use std::mem;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

/// Room for the ancillary data of the most descriptors a frame may carry, aligned as `cmsghdr` must be.
#[repr(C, align(8))]
struct Ancillary([u8; 24 + 4 * limits::FRAME_FDS_MAX]);

/// Sends one frame. Blocks when the socket's buffer is full.
pub(crate) fn send(mut socket: &UnixStream, body: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    if fds.len() > limits::FRAME_FDS_MAX || body.len() > limits::FRAME_BYTES_MAX {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut head = [0; 8];
    head[..4].copy_from_slice(&(body.len() as u32).to_le_bytes());
    head[4..].copy_from_slice(&(fds.len() as u32).to_le_bytes());
    let sent = send_head(socket.as_raw_fd(), &mut head, fds)?;
    socket.write_all(&head[sent..])?;
    socket.write_all(body)
}

/// Receives one frame; `None` at the end of the stream.
pub(crate) fn receive(mut socket: &UnixStream) -> io::Result<Option<(Vec<u8>, Vec<OwnedFd>)>> {
    let mut head = [0; 8];
    let (got, mut fds) = receive_head(socket.as_raw_fd(), &mut head)?;
    if got == 0 {
        return Ok(None);
    }
    if got < head.len() {
        socket.read_exact(&mut head[got..])?;
    }
    let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let count = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    if length > limits::FRAME_BYTES_MAX || count > fds.len() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    fds.truncate(count);
    let mut body = vec![0; length];
    socket.read_exact(&mut body)?;
    Ok(Some((body, fds)))
}

fn send_head(socket: RawFd, head: &mut [u8; 8], fds: &[BorrowedFd<'_>]) -> io::Result<usize> {
    let mut part = libc::iovec { iov_base: head.as_mut_ptr().cast(), iov_len: head.len() };
    let mut ancillary = Ancillary([0; _]);
    // SAFETY: an all-zero msghdr is a valid value (null pointers, zero lengths).
    let mut message: libc::msghdr = unsafe { mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    if !fds.is_empty() {
        let bytes = size_of_val(fds) as u32;
        message.msg_control = ancillary.0.as_mut_ptr().cast();
        // SAFETY: CMSG_SPACE is arithmetic only.
        message.msg_controllen = unsafe { libc::CMSG_SPACE(bytes) } as _;
        // SAFETY: the control buffer is aligned and, as `fds` is at most FRAME_FDS_MAX long, has room for one header
        // and all descriptors; BorrowedFd is a transparent RawFd, so its bytes may be copied as such.
        unsafe {
            let header = libc::CMSG_FIRSTHDR(&raw const message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(bytes) as _;
            std::ptr::copy_nonoverlapping(fds.as_ptr().cast::<u8>(), libc::CMSG_DATA(header), bytes as usize);
        }
    }
    retry(|| {
        // SAFETY: `message` points to buffers that outlive the call.
        unsafe { libc::sendmsg(socket, &raw const message, libc::MSG_NOSIGNAL) }
    })
}

fn receive_head(socket: RawFd, head: &mut [u8; 8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut part = libc::iovec { iov_base: head.as_mut_ptr().cast(), iov_len: head.len() };
    let mut ancillary = Ancillary([0; _]);
    // SAFETY: an all-zero msghdr is a valid value (null pointers, zero lengths).
    let mut message: libc::msghdr = unsafe { mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = ancillary.0.as_mut_ptr().cast();
    message.msg_controllen = size_of::<Ancillary>() as _;
    let got = retry(|| {
        // SAFETY: `message` points to buffers that outlive the call.
        unsafe { libc::recvmsg(socket, &raw mut message, CLOEXEC) }
    })?;
    let mut fds = Vec::new();
    // SAFETY: the kernel filled the control buffer; the CMSG macros walk it within msg_controllen, and each
    // descriptor found in an SCM_RIGHTS message is new in this process and owned by nobody else.
    unsafe {
        let mut header = libc::CMSG_FIRSTHDR(&raw const message);
        while !header.is_null() {
            if (*header).cmsg_level == libc::SOL_SOCKET && (*header).cmsg_type == libc::SCM_RIGHTS {
                let bytes = (*header).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                let first = libc::CMSG_DATA(header).cast::<RawFd>();
                fds.extend((0..bytes / 4).map(|at| OwnedFd::from_raw_fd(first.add(at).read_unaligned())));
            }
            header = libc::CMSG_NXTHDR(&raw const message, header);
        }
    }
    Ok((got, fds))
}

/// Descriptors must not leak into programs that another thread starts at this moment.
#[cfg(target_os = "linux")]
const CLOEXEC: libc::c_int = libc::MSG_CMSG_CLOEXEC;
#[cfg(not(target_os = "linux"))]
const CLOEXEC: libc::c_int = 0;

fn retry(mut call: impl FnMut() -> isize) -> io::Result<usize> {
    loop {
        match call() {
            got if got >= 0 => return Ok(got as usize),
            _ if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            _ => return Err(io::Error::last_os_error()),
        }
    }
}
