"""Nothing that was acknowledged is lost: the server is killed again and again under a mixed load.

TIDEGATE_KILLS sets how often (20); a release is tested with 200.
"""

import os
import random
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from conftest import Server

KILLS = int(os.environ.get("TIDEGATE_KILLS", "20"))


class Writer(threading.Thread):
    """Writes items, roles and log groups, and keeps a journal of what was acknowledged."""

    def __init__(self, server, number, journal):
        super().__init__(daemon=True)
        self.server, self.number, self.journal = server, number, journal
        self.dynamodb, self.iam, self.logs = (server.client(s) for s in ("dynamodb", "iam", "logs"))
        self.random = random.Random(number)
        self.running = True

    def run(self):
        step = 0
        while self.running:
            step += 1
            try:
                self.step(step)
            except (BotoCoreError, ClientError, OSError):
                time.sleep(0.01)  # the server is down; nothing was acknowledged

    def step(self, step):
        key = f"w{self.number}-{self.random.randrange(50)}"
        kind = self.random.randrange(10)
        if kind < 5:
            self.write(key, step, lambda: self.dynamodb.put_item(TableName="items", Item={"k": {"S": key}, "v": {"N": str(step)}}))
        elif kind == 5:
            self.write(key, None, lambda: self.dynamodb.delete_item(TableName="items", Key={"k": {"S": key}}))
        elif kind == 6:
            pair = [f"pair-{self.number}-a", f"pair-{self.number}-b"]
            put = lambda k: {"Put": {"TableName": "items", "Item": {"k": {"S": k}, "v": {"N": str(step)}}}}
            self.begin(pair, step)
            self.dynamodb.transact_write_items(TransactItems=[put(k) for k in pair])
            self.done(pair, step)
        elif kind == 7:
            update = lambda: self.dynamodb.update_item(
                TableName="items", Key={"k": {"S": key}}, UpdateExpression="SET v = :v", ExpressionAttributeValues={":v": {"N": str(step)}})
            self.write(key, step, update)
        elif kind == 8:
            name = f"/group/{self.number}/{step}"
            self.logs.create_log_group(logGroupName=name)
            self.journal["groups"].add(name)
        else:
            name = f"role-{self.number}-{step}"
            self.iam.create_user(UserName=name)
            self.journal["users"].add(name)

    def write(self, key, value, call):
        self.begin([key], value)
        call()
        self.done([key], value)

    def begin(self, keys, value):
        for key in keys:
            self.journal["maybe"].setdefault(key, []).append(value)

    def done(self, keys, value):
        for key in keys:
            self.journal["items"][key] = value
            self.journal["maybe"][key] = []


def check(server, journal):
    found = {}
    for page in server.client("dynamodb").get_paginator("scan").paginate(TableName="items", ConsistentRead=True):
        found.update({item["k"]["S"]: int(item["v"]["N"]) for item in page["Items"]})
    for key, value in journal["items"].items():
        allowed = [value, *journal["maybe"].get(key, [])]
        assert found.get(key) in allowed, f"{key} is {found.get(key)}, acknowledged was {value}, under way were {allowed[1:]}"
    for number in range(8):
        pair = [found.get(f"pair-{number}-{side}") for side in "ab"]
        assert pair[0] == pair[1], f"half a transaction: {pair}"
    groups = {g["logGroupName"] for p in server.client("logs").get_paginator("describe_log_groups").paginate() for g in p["logGroups"]}
    users = {u["UserName"] for p in server.client("iam").get_paginator("list_users").paginate() for u in p["Users"]}
    assert journal["groups"] <= groups and journal["users"] <= users


def test_killed_again_and_again():
    server = Server()
    try:
        server.client("dynamodb").create_table(
            TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
        journal = {"items": {}, "maybe": {}, "groups": set(), "users": set()}
        acknowledged = 0
        for kill in range(KILLS):
            writers = [Writer(server, number, journal) for number in range(8)]
            [writer.start() for writer in writers]
            time.sleep(random.uniform(0.2, 0.8))
            server.kill()
            for writer in writers:
                writer.running = False
            [writer.join(30) for writer in writers]
            server.start()
            check(server, journal)
            acknowledged = len(journal["items"]) + len(journal["groups"]) + len(journal["users"])
        assert acknowledged > 100, acknowledged
    finally:
        server.remove()
