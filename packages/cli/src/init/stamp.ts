import { createHash } from 'node:crypto';

/** The last line of a file that init wrote: what it wrote, so that an edit can be told from an older template. */
const STAMP = /(?:^|\n)# slipway init: sha256:([0-9a-f]{64})\n*$/;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A checkout on Windows may have other line ends. */
const toPlain = (text: string): string => text.replaceAll('\r\n', '\n');

/** `text` with a stamp of `stamped`; by default of itself. */
export const addStamp = (text: string, stamped: string = text): string =>
	`${text.trimEnd()}\n\n# slipway init: sha256:${hash(`${stamped.trimEnd()}\n`)}\n`;

/** A text without its stamp, and the digest that the stamp names. */
export const readStamp = (text: string): { readonly body: string; readonly stamp: string | undefined } => {
	const plain = toPlain(text);
	const found = STAMP.exec(plain);
	const body = `${(found ? plain.slice(0, found.index) : plain).trimEnd()}\n`;
	return { body, stamp: found?.[1] };
};

/**
 * How a file stands to what init would write now. new: not there. same. changed: as init wrote it, and init would write
 * something else now. kept: edited since, and init has nothing new. edited: edited since, and init has something new.
 * foreign: not written by init.
 */
export type FileState = 'new' | 'same' | 'changed' | 'kept' | 'edited' | 'foreign';

export const toFileState = (present: string | undefined, wanted: string): FileState => {
	if (present === undefined) return 'new';
	const { body, stamp } = readStamp(present);
	const own = `${wanted.trimEnd()}\n`;
	if (body === own) return stamp === hash(own) ? 'same' : 'changed';
	if (stamp === undefined) return 'foreign';
	if (stamp === hash(body)) return 'changed';
	return stamp === hash(own) ? 'kept' : 'edited';
};
