//! Connections: accepting them, finding out whether they speak TLS, serving HTTP/1.1 and HTTP/2 on them, ending them.

use super::{forward::Passing, limits, pace::Pace, request, strict::Strict, tls};
use crate::App;
use http::Version;
use http_body_util::Either;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::future::{Future, poll_fn};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

/// The other end of a connection.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// Whether it speaks TLS.
    pub secure: bool,
    /// Whether it is a function in its sandbox, which may reach Tidegate and nothing else through it.
    pub function: bool,
}

/// Serves connections.
#[derive(Clone)]
pub struct Edge {
    pub(super) app: Arc<App>,
    http: auto::Builder<TokioExecutor>,
    tls: TlsAcceptor,
    free: Arc<Semaphore>,
    /// Until the server stops.
    graceful: Arc<Mutex<Option<GracefulShutdown>>>,
}

impl Edge {
    /// An edge in front of `app`, with certificates from `authority`.
    pub fn new(app: Arc<App>, authority: Arc<tls::Authority>) -> Result<Edge, rustls::Error> {
        let tls = TlsAcceptor::from(tls::server_config(authority)?);
        let free = Arc::new(Semaphore::new(limits::CONNECTIONS_MAX));
        Ok(Edge { app, http: http_builder(), tls, free, graceful: Arc::new(Mutex::new(Some(GracefulShutdown::new()))) })
    }

    /// Accepts connections until the future is dropped.
    pub async fn accept(&self, listener: TcpListener) {
        loop {
            // The semaphore is never closed, so a permit always comes.
            let Ok(permit) = self.free.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, address)) => {
                    let (edge, peer) = (self.clone(), client(address));
                    tokio::spawn(async move {
                        edge.serve_tcp(stream, peer).await;
                        drop(permit);
                    });
                }
                Err(error) => pause_after(&error).await,
            }
        }
    }

    /// Serves one connection whose first byte tells whether it is TLS.
    pub async fn serve_tcp(&self, stream: TcpStream, peer: Peer) {
        let _ = stream.set_nodelay(true);
        let mut first = [0u8];
        match timeout(limits::HEAD_TIMEOUT, stream.peek(&mut first)).await {
            Ok(Ok(1)) if first[0] == 0x16 => self.serve_tls(stream, peer).await,
            Ok(Ok(1)) => self.serve(stream, peer).await,
            _ => {}
        }
    }

    /// Serves HTTP over TLS on a stream.
    pub(super) async fn serve_tls(&self, stream: impl Stream, peer: Peer) {
        if let Ok(Ok(stream)) = timeout(limits::HEAD_TIMEOUT, self.tls.accept(stream)).await {
            self.serve(stream, Peer { secure: true, ..peer }).await;
        }
    }

    /// Serves HTTP on a stream. The future is boxed because a tunnel serves a connection within a connection.
    pub(super) fn serve(&self, stream: impl Stream, peer: Peer) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let edge = self.clone();
        Box::pin(async move {
            let (http, watcher) = (edge.http.clone(), edge.watcher());
            let allowance = if peer.function { limits::FUNCTION_HEAD_TIMEOUT } else { limits::HEAD_TIMEOUT };
            let pace = Arc::new(Pace::new(Instant::now(), allowance));
            let connection = Arc::new(Connection { edge, peer, pace });
            let of_request = connection.clone();
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let connection = of_request.clone();
                async move { Ok::<Passing, std::convert::Infallible>(connection.answer(request).await) }
            });
            let stream = TokioIo::new(Strict::new(stream, connection.pace.clone()));
            let served = http.serve_connection_with_upgrades(stream, service).into_owned();
            let mut served = pin!(async move {
                match watcher {
                    Some(watcher) => watcher.watch(served).await,
                    None => served.await,
                }
            });
            // A client's protocol error ends its connection and concerns nobody else.
            while let Some(look) = connection.pace.next_look(Instant::now()) {
                if timeout_at(look, served.as_mut()).await.is_ok() {
                    break;
                }
            }
        })
    }

    /// Whether so many connections are open that answers should leave together: writing one wakes its client up, and each
    /// that is written while the client is awake anyway costs half as much.
    fn is_crowded(&self) -> bool {
        limits::CONNECTIONS_MAX - self.free.available_permits() >= limits::CROWD_MIN
    }

    /// What tells a new connection that the server stops; `None` once it does: then only functions that still run connect.
    fn watcher(&self) -> Option<Watcher> {
        self.graceful.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(GracefulShutdown::watcher)
    }

    /// Lets requests in flight end, until then at most; connections without one end at once.
    pub async fn drain(&self, end: Instant) {
        let graceful = self.graceful.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(graceful) = graceful {
            let _ = timeout_at(end, graceful.shutdown()).await;
        }
    }
}

/// One connection while it is served; its requests share it.
struct Connection {
    edge: Edge,
    peer: Peer,
    pace: Arc<Pace>,
}

impl Connection {
    async fn answer(&self, request: hyper::Request<Incoming>) -> Passing {
        let _busy = self.pace.begin();
        if request.version() == Version::HTTP_2 {
            self.pace.unwatch();
        }
        let answer = request::handle(&self.edge, &self.peer, request).await;
        if let Either::Right(_) = answer.body() {
            self.pace.allow(limits::PASSING_IDLE_TIMEOUT);
        }
        if self.edge.is_crowded() {
            behind_the_others().await;
        }
        answer
    }
}

/// Lets the requests that have come meanwhile be answered first.
fn behind_the_others() -> impl Future<Output = ()> {
    let mut waited = false;
    poll_fn(move |cx| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

/// A stream that HTTP can be served on.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for T {}

fn client(address: SocketAddr) -> Peer {
    Peer { address: address.ip().to_canonical(), secure: false, function: false }
}

/// How HTTP is spoken. Its own clock for heads is left out: [`Pace`] does that for less.
pub(super) fn http_builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().header_read_timeout(None).max_buf_size(limits::HEAD_BYTES_MAX).half_close(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::H2_STREAMS_MAX)
        .max_header_list_size(limits::HEAD_BYTES_MAX as u32)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}

/// Out of file descriptors: accepting waits, so that the connections that are there can end.
async fn pause_after(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    sleep(Duration::from_millis(50)).await;
}
