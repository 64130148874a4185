/**
 * What a hashing thread runs. It is text, and needs no file beside it: bundled, it travels inside of whatever uses it.
 * A message is a HashJob with an id; the answer has the same id and either `result` or `error`.
 */
export const WORKER_SOURCE = `
'use strict';
const { createHash } = require('node:crypto');
const { closeSync, openSync, readSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');

// Small enough to stay in the processor's cache between the kernel, one hash and the next.
const buffer = Buffer.allocUnsafeSlow(256 * 1024);

const toHex = (hashes) => hashes.map((hash) => hash.digest('hex'));

const hashFile = ({ path, algorithms }) => {
	const hashes = algorithms.map((algorithm) => createHash(algorithm));
	const file = openSync(path, 'r');
	let size = 0;
	try {
		for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
			const chunk = buffer.subarray(0, read);
			for (const hash of hashes) hash.update(chunk);
			size += read;
		}
	} finally {
		closeSync(file);
	}
	return { size, digests: toHex(hashes) };
};

const hashParts = ({ parts, algorithms }) =>
	parts.map((part) => toHex(algorithms.map((algorithm) => createHash(algorithm).update(part))));

parentPort.on('message', ({ id, job }) => {
	try {
		parentPort.postMessage({ id, result: 'path' in job ? hashFile(job) : hashParts(job) });
	} catch (error) {
		parentPort.postMessage({ id, error });
	}
});
`;
