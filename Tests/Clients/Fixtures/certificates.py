"""Authorities and certificates for tests, as PEM files in a folder."""

import datetime
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(folder, name, certificate, key):
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(private)


class Authority:
    def __init__(self, folder, name):
        self.folder, self.subject, self.key = folder, _name(name), ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(self.subject, self.key, self.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        _write(folder, name, builder.sign(self.key, hashes.SHA256()), self.key)

    def _builder(self, subject, key, issuer, ended=False):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - 3 * DAY)
            .not_valid_after(now - DAY if ended else now + DAY)
        )

    def issue(self, name, alternatives, ended=False):
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_name(name), key, self.subject, ended)
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        _write(self.folder, name, builder.sign(self.key, hashes.SHA256()), key)


def make(folder):
    """authority, server, expired, client, expired-client; and another authority with a server and a client."""
    folder = pathlib.Path(folder)
    here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    client = [x509.UniformResourceIdentifier("spiffe://carillon/test")]
    own = Authority(folder, "authority")
    own.issue("server", here)
    own.issue("elsewhere", [x509.DNSName("agent.example.org")])
    own.issue("expired", here, ended=True)
    own.issue("client", client)
    own.issue("expired-client", client, ended=True)
    other = Authority(folder, "other-authority")
    other.issue("other-server", here)
    other.issue("other-client", client)
