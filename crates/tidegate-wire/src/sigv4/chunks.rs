//! `aws-chunked` bodies: data in pieces, each with a signature that continues the one before.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html> and `sigv4-streaming-trailers.html`.

use super::key::{SigningKey, sha256_hex};
use super::verify::same;
use super::{Authentic, Error, Payload, Scope, limits};
use tidegate_types::Timestamp;

/// The chain of signatures: each link signs the one before and its own data.
#[derive(Clone)]
struct Chain {
    key: SigningKey,
    amz_date: String,
    scope: Scope<'static>,
    previous: String,
}

impl Chain {
    fn of<T>(authentic: &Authentic<'_, T>) -> Chain {
        Chain {
            key: authentic.key.clone(),
            amz_date: authentic.claim.amz_date.to_string(),
            scope: authentic.claim.scope.clone().into_owned(),
            previous: authentic.claim.signature.to_string(),
        }
    }

    fn link(&mut self, kind: &str, hashes: &str) -> String {
        let Chain { amz_date, scope, previous, .. } = self;
        let text = format!("AWS4-HMAC-SHA256-{kind}\n{amz_date}\n{scope}\n{previous}\n{hashes}");
        *previous = self.key.sign(&[&text]).to_string();
        previous.clone()
    }

    fn chunk(&mut self, data: &[u8]) -> String {
        self.link("PAYLOAD", &format!("{}\n{}", sha256_hex(b""), sha256_hex(data)))
    }

    fn trailers(&mut self, trailers: &[(String, String)]) -> String {
        let mut lines: Vec<String> = trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        lines.sort();
        let text = lines.concat();
        self.link("TRAILER", &sha256_hex(text.as_bytes()))
    }
}

enum State {
    /// The head line of a chunk.
    Head,
    /// So many bytes of data and the line's end, under this signature.
    Data(usize, String),
    Trailers,
    Done,
}

/// Takes an `aws-chunked` body apart. Data comes out only after its signature was checked.
pub struct Chunks {
    /// `None` where chunks are not signed.
    chain: Option<Chain>,
    trailers_follow: bool,
    state: State,
    waiting: Vec<u8>,
    trailers: Vec<(String, String)>,
    /// Bytes that `x-amz-decoded-content-length` still promises.
    left: u64,
}

impl Chunks {
    /// A decoder for the body of a request; `None` if its payload is not chunked. `decoded_length` is the request's
    /// `x-amz-decoded-content-length`.
    pub fn new<T>(authentic: &Authentic<'_, T>, decoded_length: u64) -> Option<Chunks> {
        let (signed, trailers_follow) = match authentic.payload {
            Payload::SignedChunks { trailers } => (true, trailers),
            Payload::UnsignedChunks => (false, true),
            _ => return None,
        };
        let chain = signed.then(|| Chain::of(authentic));
        let (state, waiting, trailers) = (State::Head, Vec::new(), Vec::new());
        Some(Chunks { chain, trailers_follow, state, waiting, trailers, left: decoded_length })
    }

    /// Takes bytes as they come from the wire, and appends to `data` what is checked.
    ///
    /// # Errors
    /// `ChunkSignatureMismatch`, `IncompleteBody` for what is malformed, `ChunkTooLarge`. After an error the body is
    /// not to be used.
    pub fn push(&mut self, bytes: &[u8], data: &mut Vec<u8>) -> Result<(), Error> {
        self.waiting.extend_from_slice(bytes);
        let mut used = 0;
        while let Some(length) = self.step(used, data)? {
            used += length;
        }
        self.waiting.drain(..used);
        Ok(())
    }

    /// The end of the body: gives the trailers, such as `x-amz-checksum-crc32`.
    ///
    /// # Errors
    /// `IncompleteBody` if the last chunk, the trailers or promised data are missing.
    pub fn finish(self) -> Result<Vec<(String, String)>, Error> {
        let whole = matches!(self.state, State::Done) && self.left == 0 && self.waiting.is_empty();
        if whole { Ok(self.trailers) } else { Err(Error::IncompleteBody) }
    }

    /// One line or one chunk, if it is there whole; its length.
    fn step(&mut self, from: usize, data: &mut Vec<u8>) -> Result<Option<usize>, Error> {
        let rest = &self.waiting[from..];
        match &self.state {
            State::Done if rest.is_empty() => Ok(None),
            State::Done => Err(Error::IncompleteBody),
            State::Data(size, _) if rest.len() < size + 2 => Ok(None),
            State::Data(size, signature) => {
                let (size, signature) = (*size, signature.clone());
                self.chunk(from, size, &signature, data)?;
                Ok(Some(size + 2))
            }
            State::Head | State::Trailers => {
                let Some(line) = line(rest)? else { return Ok(None) };
                let length = line.len() + 2;
                let line = line.to_owned();
                if matches!(self.state, State::Head) {
                    self.head(&line)?
                } else {
                    self.trailer(&line)?
                }
                Ok(Some(length))
            }
        }
    }

    /// `size` in hex, with `;chunk-signature=…` where chunks are signed.
    fn head(&mut self, line: &str) -> Result<(), Error> {
        let (size, signature) = match (line.split_once(";chunk-signature="), &self.chain) {
            (Some((size, signature)), Some(_)) => (size, signature.to_owned()),
            (None, None) => (line, String::new()),
            _ => return Err(Error::IncompleteBody),
        };
        let digits = (1..=8).contains(&size.len()) && size.bytes().all(|b| b.is_ascii_hexdigit());
        let size = digits.then(|| usize::from_str_radix(size, 16).ok()).flatten().ok_or(Error::IncompleteBody)?;
        if size > limits::CHUNK_SIZE_MAX {
            return Err(Error::ChunkTooLarge);
        }
        self.left = self.left.checked_sub(size as u64).ok_or(Error::IncompleteBody)?;
        self.state = match (size, self.trailers_follow) {
            (0, true) => {
                self.check_chunk(&[], &signature)?;
                State::Trailers
            }
            _ => State::Data(size, signature),
        };
        Ok(())
    }

    fn chunk(&mut self, from: usize, size: usize, signature: &str, data: &mut Vec<u8>) -> Result<(), Error> {
        let end = from + size;
        if self.waiting[end..end + 2] != *b"\r\n" {
            return Err(Error::IncompleteBody);
        }
        let bytes = self.waiting[from..end].to_vec();
        self.check_chunk(&bytes, signature)?;
        data.extend_from_slice(&bytes);
        self.state = if size == 0 { State::Done } else { State::Head };
        Ok(())
    }

    fn check_chunk(&mut self, data: &[u8], signature: &str) -> Result<(), Error> {
        let good = self.chain.as_mut().is_none_or(|chain| same(&chain.chunk(data), signature));
        if good { Ok(()) } else { Err(Error::ChunkSignatureMismatch) }
    }

    /// `name:value`; an empty line ends the trailers.
    fn trailer(&mut self, line: &str) -> Result<(), Error> {
        if line.is_empty() {
            self.state = State::Done;
            return self.check_trailers();
        }
        let (name, value) = line.split_once(':').ok_or(Error::IncompleteBody)?;
        if self.trailers.len() >= limits::TRAILERS_MAX {
            return Err(Error::ChunkTooLarge);
        }
        self.trailers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        Ok(())
    }

    fn check_trailers(&mut self) -> Result<(), Error> {
        let Some(chain) = &mut self.chain else { return Ok(()) };
        match self.trailers.pop() {
            Some((name, signature)) if name == "x-amz-trailer-signature" => {
                let good = same(&chain.trailers(&self.trailers), &signature);
                if good { Ok(()) } else { Err(Error::ChunkSignatureMismatch) }
            }
            _ => Err(Error::ChunkSignatureMismatch),
        }
    }
}

/// The line at the front, without its end; `None` if its end has not come yet.
fn line(bytes: &[u8]) -> Result<Option<&str>, Error> {
    let window = &bytes[..bytes.len().min(limits::LINE_SIZE_MAX)];
    match window.windows(2).position(|pair| pair == b"\r\n") {
        Some(end) => std::str::from_utf8(&bytes[..end]).map(Some).map_err(|_| Error::IncompleteBody),
        None if window.len() == limits::LINE_SIZE_MAX => Err(Error::ChunkTooLarge),
        None => Ok(None),
    }
}

/// Writes a whole body as signed chunks of `chunk_size` bytes, with signed trailers if there are any. `seed` is the
/// signature of the request's head.
pub fn encode_chunks(
    secret: &str,
    (scope, at, seed): (&Scope<'_>, Timestamp, &str),
    data: &[u8],
    chunk_size: usize,
    trailers: Option<&[(String, String)]>,
) -> Vec<u8> {
    let key = SigningKey::derive(secret, scope);
    let mut chain =
        Chain { key, amz_date: at.amz_date(), scope: scope.clone().into_owned(), previous: seed.to_owned() };
    let mut body = Vec::new();
    for chunk in data.chunks(chunk_size.max(1)).chain([&[][..]]) {
        body.extend(format!("{:x};chunk-signature={}\r\n", chunk.len(), chain.chunk(chunk)).into_bytes());
        body.extend_from_slice(chunk);
        // Trailers stand where the last chunk's data would end.
        if !chunk.is_empty() || trailers.is_none() {
            body.extend_from_slice(b"\r\n");
        }
    }
    if let Some(trailers) = trailers {
        let lines: String = trailers.iter().map(|(name, value)| format!("{name}:{value}\r\n")).collect();
        let signature = chain.trailers(trailers);
        body.extend(format!("{lines}x-amz-trailer-signature:{signature}\r\n\r\n").into_bytes());
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde_json::Value;

    fn chain(vectors: &Value) -> Chain {
        let text = |member: &str| vectors[member].as_str().unwrap().to_owned();
        let scope = Scope { date: "20261121".into(), region: "us-east-1".into(), service: "s3".into() };
        let key = SigningKey::derive(&text("secret_access_key"), &scope);
        let previous = vectors["chunks"]["seed"].as_str().unwrap().to_owned();
        Chain { key, amz_date: text("at"), scope, previous }
    }

    /// Bodies that the crate `aws-sigv4` signed.
    #[test]
    fn believes_what_another_signer_made() {
        let vectors: Value = serde_json::from_str(include_str!("../../tests/sigv4/aws-sigv4.json")).unwrap();
        for (member, trailers_follow, trailers) in [("plain", false, 0), ("with_trailers", true, 2)] {
            let body = STANDARD.decode(vectors["chunks"][member].as_str().unwrap()).unwrap();
            let (state, left) = (State::Head, vectors["chunks"]["length"].as_u64().unwrap());
            let chain = Some(chain(&vectors));
            let mut chunks = Chunks { chain, trailers_follow, state, waiting: vec![], trailers: vec![], left };
            let mut data = Vec::new();
            chunks.push(&body, &mut data).unwrap();
            assert_eq!(chunks.finish().unwrap().len(), trailers, "{member}");
            assert_eq!(data, [vec![b'a'; 1000], vec![b'b'; 24]].concat(), "{member}");
        }
    }
}
