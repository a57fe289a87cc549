// A small API over one DynamoDB table: list, read, create, replace and delete items.
// It needs nothing but what Lambda's Node.js runtime brings along.
const { randomUUID } = require('node:crypto');
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const lib = require('@aws-sdk/lib-dynamodb');

const table = process.env.TABLE_NAME;
const items = lib.DynamoDBDocumentClient.from(new DynamoDBClient({}));
const partition = 'ITEM';

const routes = {
  'GET /items': async () => {
    const found = await items.send(
      new lib.QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :partition',
        ExpressionAttributeValues: { ':partition': partition },
      }),
    );
    return reply(200, { items: found.Items });
  },
  'POST /items': async ({ body }) => reply(201, await save(`item_${randomUUID()}`, parse(body), 'createdAt')),
  'GET /items/{id}': async ({ pathParameters: { id } }) => {
    const { Item } = await items.send(new lib.GetCommand({ TableName: table, Key: { pk: partition, sk: id } }));
    return Item ? reply(200, Item) : reply(404, { error: 'There is no such item.' });
  },
  'PUT /items/{id}': async ({ body, pathParameters: { id } }) => reply(200, await save(id, parse(body), 'updatedAt')),
  'DELETE /items/{id}': async ({ pathParameters: { id } }) => {
    await items.send(new lib.DeleteCommand({ TableName: table, Key: { pk: partition, sk: id } }));
    return reply(204);
  },
};

exports.handler = async (event) => {
  const route = routes[event.routeKey];
  if (!route) return reply(404, { error: 'There is nothing at this path.' });
  try {
    return await route(event);
  } catch (error) {
    if (error instanceof BadBody) return reply(400, { error: error.message });
    console.error('failed', error);
    return reply(500, { error: 'This did not work; the log says why.' });
  }
};

class BadBody extends Error {}

function parse(body) {
  try {
    const fields = JSON.parse(body);
    if (fields !== null && typeof fields === 'object' && !Array.isArray(fields)) return fields;
  } catch {
    // Answered below, as any other body that is no object.
  }
  throw new BadBody('The body must be a JSON object.');
}

async function save(id, fields, stamp) {
  const item = { ...fields, pk: partition, sk: id, [stamp]: new Date().toISOString() };
  await items.send(new lib.PutCommand({ TableName: table, Item: item }));
  return item;
}

function reply(statusCode, body) {
  const headers = { 'content-type': 'application/json' };
  return { statusCode, headers, body: body === undefined ? '' : JSON.stringify(body) };
}
