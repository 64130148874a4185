import { createHash } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder, removeQuietly } from './durable-file.ts';
import type { Change } from './store.ts';
import { isAbsent, toErrno } from './store-error.ts';

/** The mark of bytes: their SHA-256. */
export const toVersion = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What lies at a place: its bytes, their mark, and the time of change in whole seconds since 1970. */
export interface Current {
	readonly bytes: Uint8Array;
	readonly version: string;
	readonly modified: number;
}

/** null: no file. One open file is read, so the bytes are those of one version even while others replace it. */
export const readCurrent = async (place: string): Promise<Current | null> => {
	try {
		const file = await open(place, 'r');
		try {
			const [bytes, { mtimeMs }] = [await file.readFile(), await file.stat()];
			return { bytes, version: toVersion(bytes), modified: Math.floor(mtimeMs / 1000) };
		} finally {
			await file.close();
		}
	} catch (thrown) {
		if (isAbsent(thrown) || toErrno(thrown) === 'EISDIR') return null;
		throw thrown;
	}
};

/** A change that is ready to be made: what it would do now, and its bytes durable in a temporary file. */
export interface Step {
	readonly change: Change;
	readonly place: string;
	readonly verdict: 'apply' | 'done' | 'conflict';
	/** Seconds since 1970, when the clock's own time would not differ from that of the file before in whole seconds. */
	readonly modified: number | undefined;
}

const toVerdict = (change: Change, current: Current | null): Step['verdict'] => {
	if (change.kind === 'remove') return current === null ? 'done' : 'apply';
	const same = current?.version === toVersion(change.bytes);
	if (change.kind === 'put') return same ? 'done' : 'apply';
	if (change.kind === 'create') return current === null ? 'apply' : same ? 'done' : 'conflict';
	if ((current?.version ?? null) !== change.version) return 'conflict';
	return same ? 'done' : 'apply';
};

/** Compares a change with what lies there now. */
export const toStep = (change: Change, place: string, current: Current | null, now: number): Step => {
	const second = Math.floor(now / 1000);
	const modified = current !== null && current.modified >= second ? current.modified + 1 : undefined;
	return { change, place, verdict: toVerdict(change, current), modified };
};

/** Makes one change visible by one link, rename or unlink; `temporary` holds its bytes and is gone afterwards. */
export const applyStep = async (
	step: Step,
	temporary: string | undefined,
): Promise<'written' | 'conflict'> => {
	if (temporary === undefined) return removeFile(step.place);
	await makeFolder(dirname(step.place));
	const { change } = step;
	if (change.kind === 'create' || (change.kind === 'replace' && change.version === null))
		return linkInto(temporary, step);
	await renameOver(temporary, step.place);
	return 'written';
};

/** On Windows a file that somebody reads at this moment cannot be replaced: then for two seconds again and again. */
const renameOver = async (from: string, to: string): Promise<void> => {
	for (let tries = process.platform === 'win32' ? 100 : 1; ; tries -= 1) {
		try {
			return await rename(from, to);
		} catch (thrown) {
			if (tries <= 1 || !['EPERM', 'EACCES', 'EBUSY'].includes(toErrno(thrown) ?? '')) throw thrown;
			await sleep(20);
		}
	}
};

const removeFile = async (place: string): Promise<'written'> => {
	await unlink(place).catch((thrown) => {
		if (!isAbsent(thrown)) throw thrown;
	});
	return 'written';
};

/** Unlike rename, link fails where a file lies: the file system decides who is first. */
const linkInto = async (temporary: string, { change, place }: Step): Promise<'written' | 'conflict'> => {
	try {
		await link(temporary, place);
		return 'written';
	} catch (thrown) {
		if (toErrno(thrown) !== 'EEXIST') throw thrown;
		const current = await readCurrent(place);
		if (current === null) throw thrown;
		return toVerdict(change, current) === 'done' ? 'written' : 'conflict';
	} finally {
		await removeQuietly(temporary);
	}
};
