//! Names that functions look up: AWS' own lead to the AWS endpoint of their sandbox, all others are asked of the machine's
//! resolvers. So the SDKs that do not know `AWS_ENDPOINT_URL` end up here, and real AWS sees no request of a function.
//! Messages are those of RFC 1035 §4.

use crate::limits;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::UdpSocket;
use tokio::sync::Semaphore;

/// Domains that AWS serves its APIs under.
const AWS_DOMAINS: [&str; 5] = ["amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "aws.dev"];
/// Where a sandbox's endpoint listens.
const ENDPOINT: Ipv4Addr = Ipv4Addr::LOCALHOST;
const TYPE_A: u16 = 1;
const CLASS_IN: u16 = 1;
const HEADER_BYTES: usize = 12;
const TTL_SECONDS: u32 = 60;
const SERVER_FAILURE: u8 = 2;

/// Answers questions on a free port of this machine's loopback address until the tokio runtime ends.
///
/// # Errors
/// When no socket can be made.
pub(crate) async fn serve(resolvers: Vec<SocketAddr>) -> io::Result<SocketAddr> {
    let socket = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
    let address = socket.local_addr()?;
    let (resolvers, turns) = (Arc::new(resolvers), Arc::new(Semaphore::new(limits::NAMES_ASKED_MAX)));
    tokio::spawn(async move {
        let mut buffer = [0; limits::NAME_MESSAGE_BYTES_MAX];
        loop {
            // A reset by a program that did not wait for its answer is no reason to stop.
            let Ok((size, from)) = socket.recv_from(&mut buffer).await else { continue };
            let question = &buffer[..size];
            if let Some(reply) = answer(question, resolvers.is_empty()) {
                let _ = socket.send_to(&reply, from).await;
            } else if let Ok(turn) = turns.clone().try_acquire_owned() {
                let (socket, resolvers, question) = (socket.clone(), resolvers.clone(), question.to_vec());
                tokio::spawn(async move {
                    if let Ok(reply) = ask(&resolvers, &question).await {
                        let _ = socket.send_to(&reply, from).await;
                    }
                    drop(turn);
                });
            }
        }
    });
    Ok(address)
}

/// Asks one resolver after the other.
async fn ask(resolvers: &[SocketAddr], question: &[u8]) -> io::Result<Vec<u8>> {
    for resolver in resolvers {
        let any: SocketAddr = if resolver.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
        // A port of its own for each question: nobody else can guess where the answer is awaited.
        let socket = UdpSocket::bind(any).await?;
        socket.connect(resolver).await?;
        socket.send(question).await?;
        let mut reply = vec![0; limits::NAME_MESSAGE_BYTES_MAX];
        if let Ok(Ok(size)) = tokio::time::timeout(limits::NAME_WAIT_MAX, socket.recv(&mut reply)).await {
            reply.truncate(size);
            return Ok(reply);
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// The answer to a question for a name of AWS; to any question if there is nobody else to ask.
pub(crate) fn answer(message: &[u8], alone: bool) -> Option<Vec<u8>> {
    let question = Question::parse(message)?;
    if !question.is_aws() {
        return alone.then(|| question.reply(message, SERVER_FAILURE, None));
    }
    let wants_address = question.kind == TYPE_A && question.class == CLASS_IN;
    Some(question.reply(message, 0, wants_address.then_some(ENDPOINT)))
}

/// The one question of a message.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    /// In lower case, without a final dot.
    name: String,
    kind: u16,
    class: u16,
    /// Where the question ends in the message.
    end: usize,
}

impl Question {
    /// `None` for anything but a standard query with one question.
    fn parse(message: &[u8]) -> Option<Question> {
        let is_query = message.get(2)? & 0xf8 == 0;
        let count = number(message, 4)?;
        if !is_query || count != 1 {
            return None;
        }
        let (mut at, mut name) = (HEADER_BYTES, String::new());
        loop {
            let size = usize::from(*message.get(at)?);
            at += 1;
            match size {
                0 => break,
                1..=63 => {
                    let label = message.get(at..at + size)?;
                    name.push_str(if name.is_empty() { "" } else { "." });
                    name.extend(label.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
                    at += size;
                }
                // Questions are not compressed.
                _ => return None,
            }
        }
        Some(Question { name, kind: number(message, at)?, class: number(message, at + 2)?, end: at + 4 })
    }

    fn is_aws(&self) -> bool {
        AWS_DOMAINS
            .iter()
            .any(|domain| self.name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }

    fn reply(&self, message: &[u8], code: u8, address: Option<Ipv4Addr>) -> Vec<u8> {
        let mut reply = Vec::with_capacity(self.end + 16);
        reply.extend_from_slice(&message[..2]);
        // A response; recursion as it was asked for, and available.
        reply.extend_from_slice(&[0x80 | message[2] & 0x01, 0x80 | code]);
        reply.extend_from_slice(&[0, 1, 0, u8::from(address.is_some()), 0, 0, 0, 0]);
        reply.extend_from_slice(&message[HEADER_BYTES..self.end]);
        if let Some(address) = address {
            // The name is the question's, which begins behind the header.
            reply.extend_from_slice(&[0xc0, HEADER_BYTES as u8]);
            reply.extend_from_slice(&TYPE_A.to_be_bytes());
            reply.extend_from_slice(&CLASS_IN.to_be_bytes());
            reply.extend_from_slice(&TTL_SECONDS.to_be_bytes());
            reply.extend_from_slice(&[0, 4]);
            reply.extend_from_slice(&address.octets());
        }
        reply
    }
}

fn number(message: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*message.get(at)?, *message.get(at + 1)?]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn question(name: &str, kind: u16) -> Vec<u8> {
        let mut message = vec![0xab, 0xcd, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            message.push(label.len() as u8);
            message.extend_from_slice(label.as_bytes());
        }
        message.push(0);
        message.extend_from_slice(&kind.to_be_bytes());
        message.extend_from_slice(&CLASS_IN.to_be_bytes());
        message
    }

    #[test]
    fn knows_names_of_aws() {
        let table = [
            ("dynamodb.us-east-1.amazonaws.com", true),
            ("DynamoDB.US-East-1.AmazonAWS.com", true),
            ("amazonaws.com", true),
            ("abc.execute-api.eu-west-1.amazonaws.com", true),
            ("sts.cn-north-1.amazonaws.com.cn", true),
            ("x.lambda-url.us-east-1.on.aws", true),
            ("s3.us-east-1.api.aws", true),
            ("example.com", false),
            ("notamazonaws.com", false),
            ("amazonaws.com.example.org", false),
            ("aws", false),
        ];
        for (name, expected) in table {
            assert_eq!(answer(&question(name, TYPE_A), false).is_some(), expected, "{name}");
        }
    }

    #[test]
    fn answers_with_the_endpoint() {
        let asked = question("sqs.us-east-1.amazonaws.com", TYPE_A);
        let reply = answer(&asked, false).expect("it is a name of AWS");
        assert_eq!(reply[..4], [0xab, 0xcd, 0x81, 0x80]);
        assert_eq!(reply[4..12], [0, 1, 0, 1, 0, 0, 0, 0]);
        assert_eq!(reply[12..asked.len()], asked[12..]);
        assert_eq!(reply[reply.len() - 4..], [127, 0, 0, 1]);
        let none = answer(&question("sqs.us-east-1.amazonaws.com", 28), false).expect("it is a name of AWS");
        assert_eq!(none[4..8], [0, 1, 0, 0], "there is no IPv6 address");
    }

    #[test]
    fn refuses_others_when_there_is_nobody_to_ask() {
        let reply = answer(&question("example.com", TYPE_A), true).expect("an answer in any case");
        assert_eq!(reply[3] & 0x0f, SERVER_FAILURE);
    }

    #[tokio::test]
    async fn passes_other_questions_on() {
        let resolver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let server = serve(vec![resolver.local_addr().expect("it is bound")]).await.expect("a free port");
        let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let asked = question("example.com", TYPE_A);
        client.send_to(&asked, server).await.expect("it can be sent");
        let mut buffer = [0; 512];
        let (size, from) = resolver.recv_from(&mut buffer).await.expect("it arrives");
        assert_eq!(buffer[..size], asked);
        resolver.send_to(b"the answer", from).await.expect("it can be sent");
        let size = client.recv(&mut buffer).await.expect("it arrives");
        assert_eq!(&buffer[..size], b"the answer");
    }

    proptest! {
        #[test]
        fn never_panics(message in proptest::collection::vec(any::<u8>(), 0..64), alone in any::<bool>()) {
            let _ = answer(&message, alone);
        }
    }
}
