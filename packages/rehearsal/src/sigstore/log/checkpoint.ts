import type { Inclusion, TransparencyLog } from './transparency-log.ts';

/**
 * A signed note over size and root of the tree (C2SP tlog-checkpoint, signed-note): the key hint is the first four
 * bytes of the log's id.
 */
export const toCheckpoint = (
	log: TransparencyLog,
	{ size, rootHash }: Pick<Inclusion, 'size' | 'rootHash'>,
	{ origin, name }: { readonly origin: string; readonly name: string },
): string => {
	const note = `${origin}\n${size}\n${Buffer.from(rootHash).toString('base64')}\n`;
	const signature = Buffer.concat([log.id.subarray(0, 4), log.sign(Buffer.from(note))]);
	return `${note}\n— ${name} ${signature.toString('base64')}\n`;
};
