// Runs a Lambda handler in Node: waits for frames on file descriptor 3 and answers them on 4 (see ../README.md).
// Lines for the log go to file descriptor 1; a record separator before a newline keeps an event together.
'use strict';

const fs = require('fs');
const path = require('path');
const util = require('util');
const { createRequire } = require('module');

const INIT = 1;
const INVOKE = 2;
const READY = 16;
const INIT_DONE = 17;
const INIT_ERROR = 18;
const RESPONSE = 19;
const ERROR = 20;

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const AUTHORITY = '/etc/tidegate/authority.pem';
const EXIT_REJECTION = 128;
const EXIT_EXCEPTION = 129;

// ---------------------------------------------------------------- frames

// Between two frames there is nothing to do: AWS freezes an environment then. So frames are waited for in one blocking
// read, which costs a fraction of what a stream of the event loop does.
const FROM_SERVER = 3;
const TO_SERVER = 4;
let received = Buffer.allocUnsafe(64 * 1024);
let filled = 0;
// Bytes of the frame at the front of what was received; it stays there until the next one is asked for.
let frameEnd = 0;
const sent = Buffer.allocUnsafe(64 * 1024);

function send(kind, text, done) {
  // A character has at most three bytes of UTF-8.
  const fits = text.length * 3 + 5 <= sent.length;
  const frame = fits ? sent : Buffer.allocUnsafe(5 + Buffer.byteLength(text));
  const size = frame.write(text, 5);
  writeFrame(kind, frame, size);
  done?.();
}

function sendBytes(kind, bytes) {
  writeFrame(kind, Buffer.concat([Buffer.allocUnsafe(5), bytes]), bytes.length);
}

// Sends what lies behind the first five bytes, which are the frame's head.
function writeFrame(kind, frame, size) {
  frame.writeUInt32LE(size + 1, 0);
  frame[4] = kind;
  try {
    for (let from = 0; from < 5 + size; ) from += fs.writeSync(TO_SERVER, frame, from, 5 + size - from);
  } catch {
    process.exit(0);
  }
}

// A pause that may have closed connections, in milliseconds.
const LONG = 5;

// Waits for the next frame. What became ready in a long pause, such as connections that were closed, comes before it.
function receive() {
  const since = performance.now();
  nextFrame();
  if (performance.now() - since < LONG) onFrame();
  else setImmediate(onFrame);
}

function nextFrame() {
  received.copyWithin(0, frameEnd, filled);
  filled -= frameEnd;
  while (filled < 4) readMore();
  frameEnd = 4 + received.readUInt32LE(0);
  if (frameEnd > received.length) received = Buffer.concat([received.subarray(0, filled)], frameEnd);
  while (filled < frameEnd) readMore();
}

function readMore() {
  let count = 0;
  try {
    count = fs.readSync(FROM_SERVER, received, filled, received.length - filled, null);
  } catch {
    // As below.
  }
  // The server went away: nothing is left to do.
  if (count === 0) process.exit(0);
  filled += count;
}

function onFrame() {
  const kind = received[4];
  if (kind === INIT) {
    // An init that waits for nothing that could come is ended by the server, not by an empty event loop.
    const hold = setInterval(() => {}, 1 << 30);
    initialize(JSON.parse(received.toString('utf8', 5, frameEnd))).then(
      () => {
        clearInterval(hold);
        send(INIT_DONE, '');
        setImmediate(receive);
      },
      (error) => fatal('Uncaught Exception', error, EXIT_EXCEPTION),
    );
  } else if (kind === INVOKE) {
    const eventStart = 9 + received.readUInt32LE(5);
    invoke(JSON.parse(received.toString('utf8', 9, eventStart)), received.toString('utf8', eventStart, frameEnd));
  }
}

// ---------------------------------------------------------------- log

let requestId;
let json = false;

function writeLog(text) {
  const bytes = Buffer.from(text.includes('\n') ? `${text.replace(/\n/g, '\x1e\n')}\n` : `${text}\n`);
  for (let from = 0; from < bytes.length; ) {
    try {
      from += fs.writeSync(1, bytes, from);
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
    }
  }
}

function errorFields(error) {
  const stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
  return { errorType: error.constructor?.name ?? 'UnknownError', errorMessage: error.message, stackTrace };
}

function jsonLine(level, params) {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  if (params.length === 1) {
    const spread = (_, value) => (value instanceof Error ? { ...errorFields(value), ...value } : value);
    try {
      return JSON.stringify({ ...line, message: params[0] }, spread);
    } catch {
      return JSON.stringify({ ...line, message: util.format(params[0]) });
    }
  }
  const error = params.find((param) => param instanceof Error);
  return JSON.stringify({ ...line, message: util.format(...params), ...(error && errorFields(error)) });
}

function log(level, params) {
  if (json) writeLog(jsonLine(level, params));
  else writeLog(`${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...params)}`);
}

function patchConsole(least) {
  const from = Math.max(0, LEVELS.indexOf(least));
  LEVELS.forEach((level, n) => {
    console[level.toLowerCase()] = n >= from ? (...params) => log(level, params) : () => {};
  });
  console.log = console.info;
}

function logError(title, error) {
  if (json) return console.error(asError(error));
  return console.error(title, `\t${JSON.stringify(describe(asError(error)))}`);
}

// An error with its own members, the names and order that AWS logs.
function describe(error) {
  if (!(error instanceof Error)) return error;
  const stack = typeof error.stack === 'string' ? error.stack.split('\n') : error.stack;
  const own = Object.fromEntries(Object.entries(error).map(([key, value]) => [key, describe(value)]));
  return { errorType: error.name, errorMessage: error.message, ...own, stack };
}

// ---------------------------------------------------------------- errors

class RuntimeError extends Error {
  constructor(kind, message, cause) {
    super(message);
    this.name = `Runtime.${kind}`;
    if (cause) {
      const stack = String(cause.stack ?? cause).split('\n');
      this.stack = [`${this.name}: ${message}`, ...stack.filter((line) => line.startsWith('    at '))].join('\n');
    }
  }
}

function asError(error) {
  return error instanceof Error ? error : new Error(error);
}

function errorBody(error) {
  try {
    if (util.types.isNativeError(error) || error instanceof Error) {
      const trace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
      return JSON.stringify({ errorType: String(error.name), errorMessage: String(error.message), trace });
    }
    return JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
  } catch {
    return '{"errorType":"handled","errorMessage":"callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack"}';
  }
}

function fatal(title, error, code) {
  logError(title, error);
  send(handler ? ERROR : INIT_ERROR, errorBody(error), () => process.exit(code));
}

process.on('uncaughtException', (error) => fatal('Uncaught Exception', error, EXIT_EXCEPTION));
process.on('unhandledRejection', (reason) => {
  const error = new RuntimeError('UnhandledPromiseRejection', reason instanceof Error ? String(reason) : util.format(reason));
  error.reason = reason;
  error.promise = {};
  fatal('Unhandled Promise Rejection', error, EXIT_REJECTION);
});

// ---------------------------------------------------------------- init

let handler;
let environment;
// Members of every context. Each look at the environment costs Node about as much as all the rest of a context.
let described;

async function initialize(settings) {
  if (settings.variables) setVariables(settings.variables);
  // Node has read it; AWS does not have it.
  if (process.env.NODE_EXTRA_CA_CERTS === AUTHORITY) delete process.env.NODE_EXTRA_CA_CERTS;
  environment = process.env;
  described = {
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
  };
  json = settings.logFormat === 'JSON';
  patchConsole(settings.logLevel);
  process.chdir(settings.taskRoot);
  globalThis.awslambda = { streamifyResponse, HttpResponseStream: { from: httpResponse } };
  handler = await load(settings);
}

// Touches only what differs: a write to TZ alone costs Node more than ten milliseconds.
function setVariables(variables) {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) if (process.env[name] !== value) process.env[name] = value;
}

async function load({ taskRoot, handler: name, major }) {
  if (name.includes('..')) {
    const hint = 'Use absolute paths when specifying root directories in handler names.';
    throw new RuntimeError('MalformedHandlerName', `'${name}' is not a valid handler name. ${hint}`);
  }
  const file = path.basename(name);
  const dot = file.indexOf('.');
  if (dot < 0) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const folder = name.slice(0, name.indexOf(file));
  const module = await loadModule(taskRoot, folder, file.slice(0, dot), major);
  const found = file.slice(dot + 1).split('.').reduce((object, key) => object && object[key], module);
  if (!found) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  refuseCallback(found, major);
  return found;
}

function refuseCallback(found, major) {
  if (major < 24 || found[STREAMING] || found.constructor.name === 'AsyncFunction' || found.length < 3) return;
  throw new RuntimeError(
    'CallbackHandlerDeprecated',
    'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

async function loadModule(taskRoot, folder, name, major) {
  try {
    return await findModule(taskRoot, folder, name, major);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error), error);
    // What `import` does not find has a code of its own, and AWS passes it on as it is.
    if (error?.code === 'MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', String(error), error);
    throw error;
  }
}

async function findModule(taskRoot, folder, name, major) {
  // The path that "Require stack" names on AWS.
  const load = createRequire('/var/runtime/index.mjs');
  const base = path.resolve(taskRoot, folder, name);
  const esm = isModulePackage(path.dirname(base));
  const commonjs = [base, ...(esm ? [] : ['.js']), '.cjs', ...(major >= 24 && !esm ? ['.ts', '.cts'] : [])];
  const modules = [...(esm ? ['.js'] : []), '.mjs', ...(major >= 24 ? ['.mts', ...(esm ? ['.ts'] : [])] : [])];
  const exists = (suffix) => fs.statSync(suffix === base ? base : base + suffix, { throwIfNoEntry: false })?.isFile();
  const first = commonjs.slice(0, esm ? 1 : 2).find(exists);
  if (first) return load(first === base ? base : base + first);
  const imported = modules.find(exists);
  if (imported) return importModule(base + imported);
  const other = commonjs.find(exists);
  if (other) return load(base + other);
  return load(load.resolve(name, { paths: [taskRoot, folder] }));
}

async function importModule(file) {
  resolveSdkForImports();
  return import(file);
}

// AWS' runtime lets `import` find the SDK too, which Node itself looks for only with `require`. In the sandbox a
// link beside /var/task does it; without a sandbox a hook has to.
function resolveSdkForImports() {
  const sdk = path.join(__dirname, 'node_modules');
  if (fs.existsSync('/var/node_modules') || !fs.existsSync(sdk)) return;
  const { registerHooks, register } = require('module');
  const parent = `file://${sdk}/index.js`;
  if (registerHooks) {
    registerHooks({
      resolve(specifier, context, next) {
        try {
          return next(specifier, context);
        } catch (error) {
          if (!specifier.startsWith('@')) throw error;
          return next(specifier, { ...context, parentURL: parent });
        }
      },
    });
  } else if (register) {
    const source = `export async function resolve(s, c, next) { try { return await next(s, c); } catch (e) {
      if (!s.startsWith('@')) throw e; return next(s, { ...c, parentURL: ${JSON.stringify(parent)} }); } }`;
    register(`data:text/javascript,${encodeURIComponent(source)}`);
  }
}

function isModulePackage(folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    if (at.endsWith('/node_modules')) return false;
    try {
      return JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return false;
    }
    if (at === path.dirname(at)) return false;
  }
}

// ---------------------------------------------------------------- invoke

// Runs when nothing is left to do while an invocation waits: then there is nothing to wait for.
let onEmptyLoop;
process.on('beforeExit', () => onEmptyLoop?.());

function invoke(meta, payload) {
  requestId = meta.requestId;
  setTraceId(meta.traceId);
  if (meta.variables) Object.assign(environment, meta.variables);
  const state = { done: false, waits: true };
  const finish = (reply) => {
    if (state.done) return;
    state.done = true;
    onEmptyLoop = undefined;
    reply();
    setImmediate(receive);
  };
  onEmptyLoop = () => finish(() => send(RESPONSE, 'null'));
  try {
    run(JSON.parse(payload), meta, state, finish);
  } catch (error) {
    finish(() => fail(error));
  }
}

let traceId;

function setTraceId(value) {
  if (value) environment._X_AMZN_TRACE_ID = value;
  else if (traceId) delete environment._X_AMZN_TRACE_ID;
  traceId = value;
}

function run(event, meta, state, finish) {
  if (handler[STREAMING]) return runStreaming(event, meta, state, finish);
  const callback = (error, value) => {
    if (state.done || state.called) return;
    state.called = true;
    const reply = () => (error === null || error === undefined ? succeed(value) : fail(error));
    // AWS answers only when the event loop is empty, unless the handler said otherwise.
    if (state.waits) onEmptyLoop = () => finish(reply);
    else finish(reply);
  };
  const context = makeContext(meta, state, callback, finish);
  const returned = handler(event, context, callback);
  if (typeof returned?.then === 'function') {
    // A rejection with nothing is an error nevertheless.
    returned.then((value) => finish(() => succeed(value)), (error) => finish(() => fail(error ?? 'handled')));
  }
}

function succeed(value) {
  let text;
  try {
    text = JSON.stringify(value === undefined ? null : value);
  } catch {
    return fail(new Error('Unable to stringify response body'));
  }
  return send(RESPONSE, text ?? 'null');
}

function fail(error) {
  logError('Invoke Error', error);
  send(ERROR, errorBody(error));
}

function makeContext(meta, state, callback, finish) {
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return state.waits;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      state.waits = value;
    },
    ...described,
    clientContext: meta.clientContext ? JSON.parse(meta.clientContext) : undefined,
    identity: meta.cognitoIdentity ? JSON.parse(meta.cognitoIdentity) : undefined,
    invokedFunctionArn: meta.functionArn,
    awsRequestId: meta.requestId,
    getRemainingTimeInMillis: () => meta.deadlineMs - Date.now(),
  };
  if (meta.major >= 24) return context;
  // The ways to answer of the first runtime; they never wait for the event loop.
  const settle = (error, value) => finish(() => (error === null || error === undefined ? succeed(value) : fail(error)));
  return Object.assign(context, {
    succeed: (value) => settle(null, value),
    fail: (error) => settle(error ?? 'handled'),
    done: (error, value) => settle(error, value),
  });
}

// ---------------------------------------------------------------- response streams
// An invocation gathers what a streaming handler writes, as AWS does for callers that do not stream.

function streamifyResponse(streaming, _options) {
  streaming[STREAMING] = 'response';
  return streaming;
}

function httpResponse(stream, prelude) {
  stream.setContentType('application/vnd.awslambda.http-integration-response');
  stream.write(JSON.stringify(prelude));
  stream.write(Buffer.alloc(8));
  return stream;
}

function runStreaming(event, meta, state, finish) {
  const { Writable } = require('stream');
  const chunks = [];
  const stream = new Writable({
    write(chunk, _encoding, next) {
      chunks.push(chunk);
      next();
    },
  });
  stream.setContentType = (type) => {
    stream.contentType = type;
  };
  stream.on('finish', () => finish(() => sendBytes(RESPONSE, Buffer.concat(chunks))));
  stream.on('error', (error) => finish(() => fail(error)));
  const context = makeContext(meta, state, () => {}, finish);
  Promise.resolve(handler(event, stream, context)).catch((error) => finish(() => fail(error)));
}

// ---------------------------------------------------------------- start

// A prepared environment loads ahead what most functions will ask for, and goes once through it.
async function prepare() {
  const sdk = path.join(__dirname, 'node_modules/@aws-sdk');
  if (!fs.existsSync(sdk)) return;
  const { DynamoDBClient, GetItemCommand } = require(path.join(sdk, 'client-dynamodb'));
  const { DynamoDBDocumentClient } = require(path.join(sdk, 'lib-dynamodb'));
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  // Port 9 answers nobody: the request goes through all layers of the SDK and no further.
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials, maxAttempts: 1 });
  DynamoDBDocumentClient.from(client);
  await client.send(new GetItemCommand({ TableName: 'none', Key: { pk: { S: 'none' } } })).catch(() => {});
  client.destroy();
}

const prepared = process.argv[2] === 'prepare';
process.argv.length = 2;
(prepared ? prepare().catch(() => {}) : Promise.resolve()).then(() => {
  send(READY, '');
  receive();
});
