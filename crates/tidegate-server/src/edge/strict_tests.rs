//! With the HTTP library on top: it sees the requests that there are and no other one, and answers the first violation
//! with 400 and the connection's end.

use super::{BROKEN_END, Strict};
use crate::edge::connection::http_builder;
use crate::edge::pace::Pace;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::Instant;

/// A request's target and its body, if that was whole.
type Seen = (String, Option<Vec<u8>>);

/// What a service sees of a connection with these bytes, sent in pieces of these lengths, and the answers' statuses.
fn exchange(bytes: &[u8], lengths: &[usize]) -> (Vec<Seen>, Vec<u16>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("threads are not needed");
    runtime.block_on(async {
        let (client, server) = tokio::io::duplex(1 << 16);
        let (seen, answer) = tokio::join!(serve(server), send(client, bytes, lengths));
        (seen, statuses(&answer))
    })
}

async fn serve(stream: DuplexStream) -> Vec<Seen> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let noted = noted.clone();
        async move {
            let target = request.uri().to_string();
            let body = request.into_body().collect().await.ok().map(|body| body.to_bytes().to_vec());
            let status = if body.is_some() { 200 } else { 400 };
            noted.lock().expect("no test panics with it").push((target, body));
            let mut answer = Response::new(Full::new(Bytes::new()));
            *answer.status_mut() = http::StatusCode::from_u16(status).expect("one of two");
            Ok::<_, Infallible>(answer)
        }
    });
    let http = http_builder();
    // A violation is an error here, as it is on the edge.
    let _ = http.serve_connection_with_upgrades(TokioIo::new(Strict::new(stream, pace())), service).await;
    Arc::into_inner(seen).expect("the service is gone").into_inner().expect("no test panics with it")
}

fn pace() -> Arc<Pace> {
    Arc::new(Pace::new(Instant::now(), Duration::from_secs(10)))
}

async fn send(mut client: DuplexStream, bytes: &[u8], lengths: &[usize]) -> Vec<u8> {
    let (mut rest, mut lengths) = (bytes, lengths.iter().copied());
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(lengths.next().unwrap_or(rest.len()).min(rest.len()));
        // The server may have ended the connection already.
        if client.write_all(piece).await.is_err() {
            break;
        }
        tokio::task::yield_now().await;
        rest = later;
    }
    let _ = client.shutdown().await;
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.expect("the server ends the connection");
    answer
}

fn statuses(answer: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answer).into_owned();
    let lines = text.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    lines.filter(|status| *status != 100).collect()
}

/// What a head says of its body.
enum Framing {
    Nothing,
    Length(usize),
    Chunks,
}

/// The requests in these bytes up to the first that is incomplete or not sound, read in a slow and simple way.
fn requests(bytes: &[u8]) -> Vec<Seen> {
    let (mut seen, mut rest) = (Vec::new(), bytes);
    while let Some((target, framing, behind)) = head(rest) {
        let body = match framing {
            Framing::Nothing => Some((Vec::new(), behind)),
            Framing::Length(length) => behind.split_at_checked(length).map(|(body, behind)| (body.to_vec(), behind)),
            Framing::Chunks => chunks(behind),
        };
        let Some((body, behind)) = body else {
            seen.push((target, None));
            break;
        };
        seen.push((target, Some(body)));
        rest = behind;
    }
    seen
}

/// A line, and what is behind it; neither CR nor LF are allowed elsewhere.
fn line(bytes: &[u8]) -> Option<(Cow<'_, str>, &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    let line = String::from_utf8_lossy(&bytes[..end]);
    (!line.contains(['\r', '\n'])).then_some((line, &bytes[end + 2..]))
}

/// A head's target, its body's framing, and what is behind it.
fn head(bytes: &[u8]) -> Option<(String, Framing, &[u8])> {
    let (first, mut rest) = line(bytes.strip_prefix(b"\r\n").unwrap_or(bytes))?;
    let target = first.split(' ').nth(1)?.to_owned();
    let mut framing = Framing::Nothing;
    loop {
        let (text, behind) = line(rest)?;
        rest = behind;
        if text.is_empty() {
            return Some((target, framing, rest));
        }
        let (name, value) = text.split_once(':')?;
        let value = value.trim_matches([' ', '\t']);
        let found = match name.to_ascii_lowercase().as_str() {
            "content-length" if !value.starts_with('+') => Framing::Length(value.parse().ok()?),
            "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => Framing::Chunks,
            "content-length" | "transfer-encoding" => return None,
            _ => continue,
        };
        let Framing::Nothing = std::mem::replace(&mut framing, found) else { return None };
    }
}

fn chunks(mut bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    loop {
        let (size, behind) = line(bytes)?;
        let size = size.split(';').next().filter(|size| !size.starts_with('+'))?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return trailers(behind).map(|behind| (body, behind));
        }
        let (data, behind) = behind.split_at_checked(size)?;
        body.extend_from_slice(data);
        bytes = behind.strip_prefix(b"\r\n")?;
    }
}

fn trailers(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (text, behind) = line(bytes)?;
        let name = text.split(':').next()?.to_ascii_lowercase();
        match name.as_str() {
            "" => return Some(behind),
            "content-length" | "transfer-encoding" => return None,
            _ => bytes = behind,
        }
    }
}

const SECOND: &[u8] = b"GET /hidden HTTP/1.1\r\n\r\n";

#[test]
fn answers_a_broken_head_with_400_and_passes_nothing_on() {
    let heads: [&[u8]; 9] = [
        b"GET / HTTP/1.1\n\n",
        b"\n\nGET / HTTP/1.1\r\n\r\n",
        b"\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\r\n\n",
        b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    ];
    let first: Seen = ("/first".to_owned(), Some(Vec::new()));
    for head in heads {
        for size in [1, 2, 5, 1000] {
            let lengths = vec![size; 1000];
            let alone = exchange(&[head, SECOND].concat(), &lengths);
            assert_eq!(alone, (vec![], vec![400]), "{}", head.escape_ascii());
            let behind = exchange(&[b"GET /first HTTP/1.1\r\n\r\n", head, SECOND].concat(), &lengths);
            assert_eq!(behind, (vec![first.clone()], vec![200, 400]), "{}", head.escape_ascii());
        }
    }
}

#[test]
fn ends_a_broken_body_with_an_error() {
    let bodies: [&[u8]; 6] = [
        b"5\nhello\r\n0\r\n\r\n",
        b"5 \r\nhello\r\n0\r\n\r\n",
        b"0\r\nA: b\n\r\n",
        b"0\r\n\n",
        b"0;a\0\r\n\r\n",
        b"0\r\nContent-Length: 5\r\n\r\n",
    ];
    for body in bodies {
        for size in [1, 2, 5, 1000] {
            let bytes = [b"POST /first HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", body, SECOND].concat();
            let found = exchange(&bytes, &vec![size; 1000]);
            assert_eq!(found, (vec![("/first".to_owned(), None)], vec![400]), "{}", body.escape_ascii());
        }
    }
}

#[test]
fn what_is_taken_with_one_byte_of_room_is_the_same() {
    let bytes: &[u8] = b"GET / HTTP/1.1\r\nA: b\n\r\n";
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("threads are not needed");
    let taken = runtime.block_on(async {
        let (mut strict, mut taken) = (Strict::new(bytes, pace()), Vec::new());
        let mut byte = [0];
        while strict.read(&mut byte).await.expect("heads end without errors") == 1 {
            taken.push(byte[0]);
        }
        taken
    });
    assert_eq!(taken, [b"GET / HTTP/1.1\r\nA: b".as_slice(), BROKEN_END].concat());
}

/// A request that is sound, with its body in any form.
fn sound() -> impl Strategy<Value = Vec<u8>> {
    let chunk = (prop::collection::vec(any::<u8>(), 1..30), prop::sample::select(vec!["", ";a", ";a=\"b;c\""]));
    let chunks = (prop::collection::vec(chunk, 0..4), prop::sample::select(vec!["", "A: b\r\n", "A: b\r\nC: d\r\n"]));
    let body = prop_oneof![
        Just(b"\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..60).prop_map(|body| [
            format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(),
            &body
        ]
        .concat()),
        chunks.prop_map(|(chunks, trailers)| {
            let mut bytes = b"Transfer-Encoding: chunked\r\n\r\n".to_vec();
            for (data, extension) in chunks {
                let size = format!("{:x}{extension}\r\n", data.len());
                bytes.extend([size.as_bytes(), &data, b"\r\n"].concat());
            }
            [bytes, format!("0\r\n{trailers}\r\n").into_bytes()].concat()
        }),
    ];
    let line =
        prop::sample::select(vec!["GET /a HTTP/1.1\r\n", "\r\nPOST /b?c HTTP/1.1\r\n", "DELETE /d HTTP/1.1\r\n"]);
    let headers = prop::sample::select(vec!["", "Host: a\r\n", "A:\r\nCookie: b=c; d=\u{e9}\r\n"]);
    (line, headers, body).prop_map(|(line, headers, body)| [line.as_bytes(), headers.as_bytes(), &body].concat())
}

/// Something to be put into a stream somewhere, with how many bytes it takes out there.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, Vec<u8>)>> {
    let texts = ["", "\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", "\0", ":", ";", "0", "5", "a", "\u{b}", "\n\n"];
    let lines = ["\r\nContent-Length: 7", "\r\nTransfer-Encoding: chunked", "\n0\n\n", "GET /hidden HTTP/1.1\r\n\r\n"];
    let text = prop::sample::select([texts.as_slice(), &lines].concat()).prop_map(|text| text.as_bytes().to_vec());
    prop::collection::vec((any::<prop::sample::Index>(), 0usize..3, text), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn sound_requests_arrive(
        requests_sent in prop::collection::vec(sound(), 1..5), lengths in prop::collection::vec(1usize..80, 0..20)
    ) {
        let stream = requests_sent.concat();
        let (seen, statuses) = exchange(&stream, &lengths);
        prop_assert_eq!(&seen, &requests(&stream));
        prop_assert_eq!(statuses, vec![200; requests_sent.len()]);
    }

    #[test]
    fn no_request_is_seen_that_is_not_there(
        sent in prop::collection::vec(sound(), 1..5), changes in changes(), lengths in prop::collection::vec(1usize..80, 0..20)
    ) {
        let mut stream = sent.concat();
        for (place, out, text) in changes {
            let from = place.index(stream.len() + 1);
            let to = stream.len().min(from + out);
            stream.splice(from..to, text);
        }
        let (seen, statuses) = exchange(&stream, &lengths);
        let there = requests(&stream);
        prop_assert!(seen.len() <= there.len(), "{:?}, not {:?}: {}", seen, there, stream.escape_ascii());
        for (n, (seen, there)) in seen.iter().zip(&there).enumerate() {
            prop_assert!(seen == there || (seen.0 == there.0 && seen.1.is_none()), "{}: {:?}, not {:?}: {}", n, seen, there, stream.escape_ascii());
        }
        prop_assert!(statuses.len() <= seen.len() + 1, "{:?}", statuses);
    }
}
