"""A small API over one DynamoDB table: list, read, create, replace and delete items.

It needs nothing but what Lambda's Python runtime brings along.
"""

import json
import os
import uuid
from datetime import datetime, timezone
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
PARTITION = "ITEM"


class BadBody(Exception):
    """The request's body is not a JSON object."""


def handler(event, context):
    route = ROUTES.get(event["routeKey"])
    if route is None:
        return reply(404, {"error": "There is nothing at this path."})
    try:
        return route(event)
    except BadBody as problem:
        return reply(400, {"error": str(problem)})


def list_items(event):
    found = table.query(KeyConditionExpression=Key("pk").eq(PARTITION))
    return reply(200, {"items": found["Items"]})


def create_item(event):
    return reply(201, save(f"item_{uuid.uuid4()}", parse(event), "createdAt"))


def read_item(event):
    found = table.get_item(Key=key(event)).get("Item")
    return reply(200, found) if found else reply(404, {"error": "There is no such item."})


def replace_item(event):
    return reply(200, save(event["pathParameters"]["id"], parse(event), "updatedAt"))


def delete_item(event):
    table.delete_item(Key=key(event))
    return reply(204)


ROUTES = {
    "GET /items": list_items,
    "POST /items": create_item,
    "GET /items/{id}": read_item,
    "PUT /items/{id}": replace_item,
    "DELETE /items/{id}": delete_item,
}


def key(event):
    return {"pk": PARTITION, "sk": event["pathParameters"]["id"]}


def parse(event):
    try:
        fields = json.loads(event.get("body") or "", parse_float=Decimal)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise BadBody("The body must be a JSON object.")
    return fields


def save(identifier, fields, stamp):
    item = {**fields, "pk": PARTITION, "sk": identifier, stamp: datetime.now(timezone.utc).isoformat()}
    table.put_item(Item=item)
    return item


def reply(status, body=None):
    text = "" if body is None else json.dumps(body, default=number)
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": text}


def number(value):
    return int(value) if value == value.to_integral_value() else float(value)
