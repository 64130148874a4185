// Loaded before a program in tests: whoever opens a socket, asks for a name or listens is stopped.
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

const refuse = (what) => () => {
	throw new Error(`expected no network, got ${what}`);
};

net.Socket.prototype.connect = refuse('a connection');
net.Server.prototype.listen = refuse('a server');
dgram.createSocket = refuse('a datagram socket');
dns.lookup = refuse('a name');
dns.promises.lookup = refuse('a name');
