"""A client of the control API in another language: grpcio, with stubs made here and now from the published protos.

  client.py SOCKET PROTO_FOLDER     prints what it saw, as JSON
"""

import json
import os
import sys
import tempfile

import grpc
import grpc_tools
from grpc_tools import protoc


def load(protos, folder):
    files = sorted(os.listdir(os.path.join(protos, "carillon", "v1")))
    well_known = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
    status = protoc.main(
        ["protoc", f"-I{protos}", f"-I{well_known}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
        + [f"carillon/v1/{name}" for name in files]
    )
    if status != 0:
        sys.exit("protoc refuses the protos")
    sys.path.insert(0, folder)


def main(socket, protos):
    with tempfile.TemporaryDirectory() as folder:
        load(protos, folder)
        from carillon.v1 import agents_pb2, agents_pb2_grpc, events_pb2, events_pb2_grpc, users_pb2, users_pb2_grpc

        with grpc.insecure_channel(f"unix:{socket}") as channel:
            users = users_pb2_grpc.UsersStub(channel)
            events = events_pb2_grpc.EventsStub(channel)
            parent = "namespaces/default"
            user = users.CreateUser(
                users_pb2.CreateUserRequest(
                    parent=parent,
                    user_id="ada",
                    user=users_pb2.User(display_name="Ada Lovelace", time_zone="Europe/London", dates={"birth": "1815-12-10"}),
                ),
                timeout=10,
            )
            request = events_pb2.CreateEventRequest(parent=parent, request_id="order-17", user=user.name)
            request.definition.update({"title": "Hello {{user.display_name}}", "text": "From Python."})
            first = events.CreateEvent(request, timeout=10)
            second = events.CreateEvent(request, timeout=10)
            try:
                users.GetUser(users_pb2.GetUserRequest(name=f"{parent}/users/nobody"), timeout=10)
                missing = "OK"
            except grpc.RpcError as error:
                missing = error.code().name
            status = agents_pb2_grpc.AgentsStub(channel).GetStatus(agents_pb2.GetStatusRequest(), timeout=10)
            print(
                json.dumps(
                    {
                        "user": users.GetUser(users_pb2.GetUserRequest(name=user.name), timeout=10).display_name,
                        "listed": len(users.ListUsers(users_pb2.ListUsersRequest(parent=parent), timeout=10).users),
                        "sameEvent": first.name == second.name,
                        "event": first.name,
                        "missing": missing,
                        "ready": status.ready,
                    }
                )
            )


main(*sys.argv[1:])
