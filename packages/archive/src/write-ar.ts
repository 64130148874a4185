import { Buffer } from 'node:buffer';

/** One member of an ar file: its content in pieces that follow each other. */
export interface ArMember {
	/** 1 to 16 printable ASCII characters without blank and slash. */
	readonly name: string;
	readonly content: readonly Uint8Array[];
}

const MAX_SIZE = 9_999_999_999;

const toHeader = ({ name }: ArMember, size: number, mtime: number): Buffer => {
	if (!/^[!-.0-~]{1,16}$/.test(name))
		throw new TypeError(`expected an ar member name of 1 to 16 characters, got ${JSON.stringify(name)}`);
	if (size > MAX_SIZE) throw new RangeError(`expected at most ${MAX_SIZE} bytes in ${name}, got ${size}`);
	const fields = [
		name.padEnd(16),
		String(mtime).padEnd(12),
		'0'.padEnd(6),
		'0'.padEnd(6),
		'100644'.padEnd(8),
		String(size).padEnd(10),
	];
	return Buffer.from(`${fields.join('')}\`\n`, 'latin1');
};

/**
 * Writes an ar file as deb(5) wants it: names without a slash, owner 0, mode 100644, one time (seconds since 1970)
 * for all members. Contents are passed on without a copy.
 * @throws TypeError, RangeError for a name, size or time that the header cannot carry
 */
export function* toAr(
	members: Iterable<ArMember>,
	{ mtime }: { readonly mtime: number },
): Generator<Uint8Array, void, void> {
	if (!Number.isSafeInteger(mtime) || mtime < 0 || String(mtime).length > 12)
		throw new RangeError(`expected whole seconds since 1970, got ${mtime}`);
	yield Buffer.from('!<arch>\n', 'latin1');
	for (const member of members) {
		const size = member.content.reduce((total, chunk) => total + chunk.length, 0);
		yield toHeader(member, size, mtime);
		yield* member.content;
		if (size % 2 === 1) yield Buffer.from('\n', 'latin1');
	}
}
