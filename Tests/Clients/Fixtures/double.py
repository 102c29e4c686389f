"""A server of the control API for tests of clients: gRPC's own for Python, which answers as it is asked to.

What a request names decides what happens: queues/missing, queues/slow, queues/big-1000000 and so on."""

import re
import threading
from concurrent import futures

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2

from protos import filled

HELD_SECONDS = 60
DETAILS = "grpc-status-details-bin"


def packed(message):
    value = any_pb2.Any()
    value.Pack(message)
    return value


def refuse(context, code, text, *details):
    status = status_pb2.Status(code=code.value[0], message=text, details=[packed(one) for one in details])
    context.set_trailing_metadata([(DETAILS, status.SerializeToString())])
    context.abort(code, text)


def hold(context, seconds):
    """Waits, until the client goes."""
    ended = threading.Event()
    context.add_callback(ended.set)
    ended.wait(seconds)


def reason(name, **facts):
    return error_details_pb2.ErrorInfo(reason=name, domain="carillon", metadata=facts)


def deep_value(levels):
    """A google.protobuf.Value of lists in lists, in a Struct's one field; built from the inside."""
    value = b""
    for _ in range(levels):
        value = field(6, field(1, value))
    return field(1, field(1, b"x") + field(2, value))


def field(number, data):
    length, size = b"", len(data)
    while True:
        length += bytes([size & 127 | (128 if size > 127 else 0)])
        size >>= 7
        if not size:
            return bytes([number << 3 | 2]) + length + data


class Double(grpc.GenericRpcHandler):
    def __init__(self, protos, on_restart=None):
        self.protos, self.on_restart = protos, on_restart

    def service(self, details):
        method = self.protos.methods.get(details.method)
        if method is None:
            return None
        own = getattr(self, re.sub(r"(?<!^)(?=[A-Z])", "_", method.name).lower(), None)
        if own is None:
            return None
        ask = self.protos.type(method.input_type).FromString
        kind = {(False, False): "unary_unary", (False, True): "unary_stream", (True, True): "stream_stream"}
        make = getattr(grpc, kind[method.client_streaming, method.server_streaming] + "_rpc_method_handler")
        return make(own, request_deserializer=ask, response_serializer=lambda made: made)

    # Who calls.

    def get_caller(self, _, context):
        token = dict(context.invocation_metadata()).get("authorization", "")
        names = context.auth_context().get("x509_subject_alternative_name", [])
        return self.protos.new("Caller", identity=token or (names[0].decode() if names else "")).SerializeToString()

    # What happens to one call.

    def get_queue(self, request, context):
        what, _, size = request.name.removeprefix("queues/").partition(":")
        queue = self.protos.new("Queue", name=request.name)
        if what == "slow":
            hold(context, HELD_SECONDS)
        elif what == "missing":
            info = error_details_pb2.ResourceInfo(resource_type="carillon.v1.Queue", resource_name=request.name)
            refuse(context, grpc.StatusCode.NOT_FOUND, "there is no queue", reason("NOT_FOUND"), info)
        elif what == "busy":
            info = error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000))
            refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "wait", reason("TOO_MANY_REQUESTS", limit="5"), info)
        elif what == "garbled":
            context.set_trailing_metadata([(DETAILS, b"\x0a\xff\xff")])
            context.abort(grpc.StatusCode.ABORTED, "garbled")
        elif what == "big":
            queue.etag = "e" * int(size)
        elif what == "garbage":
            return b"\xff\xff\xff"
        elif what == "empty":
            return b""
        elif what == "restart":
            self.on_restart()
        return queue.SerializeToString()

    def create_queue(self, request, context):
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=f"queue.field_{at}", description=f"is wrong – {at} " + "x" * 80)
            for at in range(request.queue.weight)
        ]
        bad = error_details_pb2.BadRequest(field_violations=violations)
        refuse(context, grpc.StatusCode.INVALID_ARGUMENT, "fields at fault", reason("INVALID_ARGUMENT"), bad)

    def get_plugin(self, request, context):
        """Its `configuration_schema` is a Struct, nested as deep as the name says."""
        number = self.protos.type("carillon.v1.Plugin").DESCRIPTOR.fields_by_name["configuration_schema"].number
        return field(number, deep_value(int(request.name)))

    # Watches: the cursor is the number of the last change.

    def watch_queues(self, request, context):
        begin = int(request.cursor or 0)
        for number in range(begin + 1, begin + 4):
            change = self.protos.new("QueueChange", queue=self.protos.new("Queue", name=f"queues/{number}"))
            yield self.protos.new("WatchQueuesResponse", changes=[change], cursor=str(number)).SerializeToString()
        if begin == 0:
            refuse(context, grpc.StatusCode.UNAVAILABLE, "the agent stops", reason("SHUTTING_DOWN"))

    def watch_receipts(self, request, context):
        kind = request.cursor
        if kind == "garbage":
            yield b"\xff\xff\xff"
        if kind == "denied":
            refuse(context, grpc.StatusCode.PERMISSION_DENIED, "no", reason("NO_GRANT"))
        message = self.protos.new("WatchReceiptsResponse", cursor="c" * (100_000 if kind == "flood" else 1))
        while kind == "flood":
            yield message.SerializeToString()
        hold(context, 0.4 if kind == "late" else HELD_SECONDS)
        yield message.SerializeToString()

    # Imports: an answer for each request, unless the parent says otherwise.

    def import_users(self, requests, context):
        first = next(requests)
        if first.parent == "stalled":
            hold(context, HELD_SECONDS)
            return
        if first.parent == "refused":
            refuse(context, grpc.StatusCode.INVALID_ARGUMENT, "not so", reason("INVALID_ARGUMENT"))
        count = 1
        yield self._imported(count)
        for _ in requests:
            count += 1
            yield self._imported(count)

    def _imported(self, tag):
        result = self.protos.new("ImportResult", tag=tag)
        return self.protos.new("ImportUsersResponse", results=[result]).SerializeToString()


class Echo(grpc.GenericRpcHandler):
    """Every method: takes what `filled` makes of its request, and answers what it makes of its response, streams twice."""

    def __init__(self, protos):
        self.protos, self.seen = protos, set()

    def service(self, details):
        method = self.protos.methods.get(details.method)
        if method is None:
            return None
        ask, answer = self.protos.type(method.input_type), self.protos.type(method.output_type)

        def check(request, context):
            if ask.FromString(request) != filled(ask):
                context.abort(grpc.StatusCode.INTERNAL, f"another request: {ask.FromString(request)}")
            self.seen.add(details.method)
            return filled(answer).SerializeToString()

        def stream(request, context):
            for _ in range(2):
                yield check(request, context)

        def both(requests, context):
            for request in requests:
                yield from stream(request, context)

        if method.client_streaming:
            return grpc.stream_stream_rpc_method_handler(both)
        if method.server_streaming:
            return grpc.unary_stream_rpc_method_handler(stream)
        return grpc.unary_unary_rpc_method_handler(check)


def server(handler, address, credentials=None, threads=32):
    """Starts one; answers it and its port."""
    options = [("grpc.so_reuseport", 0), ("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1),
               ("grpc.max_metadata_size", 1 << 20)]
    made = grpc.server(futures.ThreadPoolExecutor(threads), handlers=[handler], options=options)
    port = made.add_secure_port(address, credentials) if credentials else made.add_insecure_port(address)
    made.start()
    return made, port
