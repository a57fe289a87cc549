"""Nothing that was acknowledged is lost: the server is killed again and again while many clients change many things.

All that can be changed is a register with a value: an item, a user, a log group, a tag, a log event. Each writer has
registers of its own and changes them one request after another, so after each kill all of them must hold what was
acknowledged, or that and the one request under way: whole if it is a transaction, in any part if it is a batch.

TIDEGATE_KILLS sets how often (20); a release is tested with 200.
"""

import os
import random
import threading
import time

from botocore.exceptions import BotoCoreError

from conftest import Server, function

KILLS = int(os.environ.get("TIDEGATE_KILLS", "20"))
WRITERS, ITEMS = 32, 8
GROUP, FUNCTION = "/crash/events", "tagged"
RETENTION = (1, 3, 5, 7, 14, 30)


class Clients:
    """One client a service, for all threads."""

    def __init__(self, server):
        make = lambda service: server.client(service, max_pool_connections=WRITERS)
        self.dynamodb, self.iam, self.logs, self.functions = (make(s) for s in ("dynamodb", "iam", "logs", "lambda"))
        self.function_arn = None


class Writer:
    """A sequential client: what was acknowledged, and the request that was under way when the server died."""

    def __init__(self, clients, number):
        self.clients, self.name, self.random = clients, f"w{number:02}", random.Random(number)
        self.acknowledged, self.doubt, self.refused, self.step, self.counts = {}, None, [], 0, {}

    def work(self):
        """Until the server is gone."""
        while True:
            self.step += 1
            kind = self.random.choices(KINDS, WEIGHTS)[0]
            changes, whole, call = kind(self)
            self.doubt = (changes, whole)
            try:
                call()
            except BotoCoreError:
                return  # no answer, or not all of it
            except Exception as error:
                self.refused.append(f"{self.name} {kind.__name__}: {error}")
                return
            self.acknowledge(changes)
            self.counts[kind.__name__] = self.counts.get(kind.__name__, 0) + 1

    def acknowledge(self, changes):
        self.doubt = None
        for register, value in changes.items():
            if value is None:
                self.acknowledged.pop(register, None)
            else:
                self.acknowledged[register] = value

    def key(self):
        return f"{self.name}-{self.random.randrange(ITEMS)}"

    def item(self, key, value):
        return {"k": {"S": key}, "v": {"N": str(value)}}

    # Each kind of request gives the changes it makes, whether they are one, and what to call.

    def put_item(self):
        key, value = self.key(), self.step
        return {("item", key): value}, True, lambda: self.clients.dynamodb.put_item(TableName="items", Item=self.item(key, value))

    def update_item(self):
        """Adds one, so that an update that is done twice, or on an old item, shows."""
        key = self.key()
        value = self.acknowledged.get(("item", key), 0) + 1
        return {("item", key): value}, True, lambda: self.clients.dynamodb.update_item(
            TableName="items", Key={"k": {"S": key}}, UpdateExpression="ADD v :one", ExpressionAttributeValues={":one": {"N": "1"}})

    def delete_item(self):
        key = self.key()
        return {("item", key): None}, True, lambda: self.clients.dynamodb.delete_item(TableName="items", Key={"k": {"S": key}})

    def transact_write_items(self):
        put, update, delete = (f"{self.name}-{n}" for n in self.random.sample(range(ITEMS), 3))
        actions = [
            {"Put": {"TableName": "items", "Item": self.item(put, self.step)}},
            {"Update": {"TableName": "items", "Key": {"k": {"S": update}}, "UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"N": str(-self.step)}}}},
            {"Delete": {"TableName": "items", "Key": {"k": {"S": delete}}}},
        ]
        changes = {("item", put): self.step, ("item", update): -self.step, ("item", delete): None}
        return changes, True, lambda: self.clients.dynamodb.transact_write_items(TransactItems=actions)

    def batch_write_item(self):
        keys = [f"{self.name}-{n}" for n in self.random.sample(range(ITEMS), 5)]
        changes = {("item", key): self.step if n < 3 else None for n, key in enumerate(keys)}
        requests = [
            {"PutRequest": {"Item": self.item(key, value)}} if value is not None else {"DeleteRequest": {"Key": {"k": {"S": key}}}}
            for (_, key), value in changes.items()]
        return changes, False, lambda: self.clients.dynamodb.batch_write_item(RequestItems={"items": requests})

    def put_log_events(self):
        texts = [f"{self.name} {self.step} {n}" for n in range(3)]
        now = int(time.time() * 1000)
        return {("event", text): True for text in texts}, True, lambda: self.clients.logs.put_log_events(
            logGroupName=GROUP, logStreamName=self.name, logEvents=[{"timestamp": now, "message": text} for text in texts])

    def user(self):
        """Made, and deleted the next time."""
        register = ("user", f"{self.name}-user")
        if register in self.acknowledged:
            return {register: None}, True, lambda: self.clients.iam.delete_user(UserName=register[1])
        path = f"/{self.step}/"
        return {register: path}, True, lambda: self.clients.iam.create_user(UserName=register[1], Path=path)

    def log_group(self):
        """Made, given one retention after another, and deleted at times."""
        register = ("group", f"/crash/{self.name}")
        if register not in self.acknowledged:
            return {register: 0}, True, lambda: self.clients.logs.create_log_group(logGroupName=register[1])
        if self.random.random() < 0.3:
            return {register: None}, True, lambda: self.clients.logs.delete_log_group(logGroupName=register[1])
        days = self.random.choice(RETENTION)
        return {register: days}, True, lambda: self.clients.logs.put_retention_policy(logGroupName=register[1], retentionInDays=days)

    def function_tag(self):
        register, value, arn = ("tag", self.name), str(self.step), self.clients.function_arn
        if register in self.acknowledged and self.random.random() < 0.3:
            return {register: None}, True, lambda: self.clients.functions.untag_resource(Resource=arn, TagKeys=[self.name])
        return {register: value}, True, lambda: self.clients.functions.tag_resource(Resource=arn, Tags={self.name: value})

    def settle(self, found):
        """Compares all registers with what was found, which then counts as acknowledged: it must not change any more."""
        old = self.acknowledged
        changes, whole = self.doubt or ({}, True)
        new = {register: value for register, value in {**old, **changes}.items() if value is not None}
        if whole:
            fits = found in (old, new)
        else:
            fits = all(found.get(r) in (old.get(r), new.get(r)) for r in found.keys() | old.keys() | new.keys())
        different = {r: (found.get(r), old.get(r)) for r in found.keys() | old.keys() if found.get(r) != old.get(r)}
        assert fits, f"{self.name}: found, and acknowledged before: {different}; under way: {self.doubt}"
        self.acknowledged, self.doubt = found, None


KINDS, WEIGHTS = zip(
    (Writer.put_item, 6), (Writer.update_item, 4), (Writer.delete_item, 3), (Writer.transact_write_items, 4), (Writer.batch_write_item, 3),
    (Writer.put_log_events, 3), (Writer.user, 2), (Writer.log_group, 2), (Writer.function_tag, 2))


def pages(client, call, member, **arguments):
    return [entry for page in client.get_paginator(call).paginate(**arguments) for entry in page[member]]


def registers(clients):
    """Everything that is there, by the writer that it belongs to."""
    found = {("item", i["k"]["S"]): int(i["v"]["N"]) for i in pages(clients.dynamodb, "scan", "Items", TableName="items", ConsistentRead=True)}
    found |= {("user", u["UserName"]): u["Path"] for u in pages(clients.iam, "list_users", "Users")}
    groups = pages(clients.logs, "describe_log_groups", "logGroups", logGroupNamePrefix="/crash/w")
    found |= {("group", g["logGroupName"]): g.get("retentionInDays", 0) for g in groups}
    found |= {("tag", key): value for key, value in clients.functions.list_tags(Resource=clients.function_arn)["Tags"].items()}
    events = [event["message"] for event in pages(clients.logs, "filter_log_events", "events", logGroupName=GROUP)]
    assert len(events) == len(set(events)), "events twice"
    found |= {("event", text): True for text in events}
    owned = {}
    for register, value in found.items():
        name = register[1].removeprefix("/crash/")[:3]
        owned.setdefault(name, {})[register] = value
    return owned


def prepare(server):
    clients = Clients(server)
    clients.dynamodb.create_table(
        TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    function(server, FUNCTION, {"handler.py": "def handler(event, context):\n    return 1\n"}, "handler.handler")
    clients.function_arn = clients.functions.get_function_configuration(FunctionName=FUNCTION)["FunctionArn"]
    clients.logs.create_log_group(logGroupName=GROUP)
    writers = [Writer(clients, number) for number in range(WRITERS)]
    for writer in writers:
        clients.logs.create_log_stream(logGroupName=GROUP, logStreamName=writer.name)
    return clients, writers


def test_killed_again_and_again(capsys):
    server = Server()
    try:
        clients, writers = prepare(server)
        doubts = 0
        for _ in range(KILLS):
            threads = [threading.Thread(target=writer.work, daemon=True) for writer in writers]
            [thread.start() for thread in threads]
            time.sleep(random.uniform(0.2, 0.8))
            server.kill()
            [thread.join(30) for thread in threads]
            assert not [refusal for writer in writers for refusal in writer.refused]
            doubts += sum(writer.doubt is not None for writer in writers)
            server.start()
            found = registers(clients)
            [writer.settle(found.pop(writer.name, {})) for writer in writers]
            assert not found, f"nobody's: {found}"
        counts = {kind.__name__: sum(writer.counts.get(kind.__name__, 0) for writer in writers) for kind in KINDS}
        with capsys.disabled():
            print(f"\n{KILLS} kills; {sum(counts.values())} acknowledged requests, {doubts} under way: {counts}")
        assert all(counts.values()) and sum(counts.values()) > 20 * KILLS, counts
    finally:
        server.remove()
