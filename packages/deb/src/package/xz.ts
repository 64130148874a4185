import { statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyTarFile } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import { type Finished, run } from '@slipway/process';
import { toDebError } from './error.ts';

/** Where the xz command may work; by default the system's temporary folder and without an end. */
export interface XzPlace {
	readonly tempDir?: string;
	readonly signal?: AbortSignal;
}

const INPUT = 'input.xz';
const OUTPUT = 'output';
const HOUR_MS = 60 * 60 * 1000;
const DECOMPRESS_MS = 10 * 60 * 1000;
/** xz -9 needs 65 MiB; a header can ask for 4 GiB. */
const MEMORY_LIMIT = '--memlimit-decompress=256MiB';
const WATCH_MS = 20;
/** What unpacks to more is looked through on the disk first: a hostile tar is refused before it is held in memory. */
const AT_ONCE_BYTES = 64 * 1024 * 1024;
const TAR_LIMITS = { maxEntries: 200_000, absoluteLinks: true };

const withFolder = async <T>(
	{ tempDir = tmpdir() }: XzPlace,
	task: (folder: string) => Promise<T>,
): Promise<T> => {
	const folder = await mkdtemp(join(tempDir, 'xz-'));
	try {
		return await task(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

interface Task {
	readonly folder: string;
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
	readonly toFile?: boolean;
}

const runXz = async (options: readonly string[], task: Task): Promise<Finished> => {
	try {
		return await run(['xz', ...options, '--', INPUT], {
			cwd: task.folder,
			// No XZ_OPT and XZ_DEFAULTS: options of the machine would change the bytes.
			environment: { PATH: process.env.PATH, LC_ALL: 'C' },
			timeoutMs: task.timeoutMs,
			...(task.signal ? { signal: task.signal } : {}),
			...(task.toFile ? { stdoutFile: join(task.folder, OUTPUT) } : {}),
		});
	} catch (cause) {
		if (!(cause instanceof SlipwayError && cause.code === 'PROCESS_NOT_FOUND')) throw cause;
		throw toDebError(
			'DEB_COMPRESSION_UNAVAILABLE',
			'expected the xz command on the PATH, found none',
			'Install xz-utils on this machine, or write `compression: zstd` or `gzip` in slipway.yml.',
			cause,
		);
	}
};

/**
 * Compresses as `xz -6` with one thread, whatever the machine's own options are.
 * @throws SlipwayError DEB_COMPRESSION_UNAVAILABLE, PROCESS_*
 */
export const toXz = (bytes: Uint8Array, place: XzPlace): Promise<Buffer> =>
	withFolder(place, async (folder) => {
		await writeFile(join(folder, INPUT), bytes);
		const task = { folder, timeoutMs: HOUR_MS, signal: place.signal, toFile: true };
		const { code, stderr } = await runXz(['--stdout', '-6', '--threads=1', '--check=crc64'], task);
		if (code === 0) return readFile(join(folder, OUTPUT));
		throw toDebError(
			'DEB_COMPRESSION_UNAVAILABLE',
			`xz ended with ${code}: ${stderr.trim()}`,
			'See that there is space in the temporary folder, or choose another `compression` in slipway.yml.',
		);
	});

const invalid = (problem: string) =>
	toDebError('DEB_INVALID', `the xz stream ${problem}`, 'Build the package again; it is damaged.');

const tooLarge = (maxBytes: number) =>
	toDebError(
		'DEB_TOO_LARGE',
		`the xz stream unpacks to more than ${maxBytes} bytes`,
		'Nothing of it was used. Look at how this package was made.',
	);

/** The totals of `xz --robot --list` (xz(1), "Robot mode"): they come from the index, which may lie. */
const checkListing = async (task: Task, maxBytes: number): Promise<void> => {
	const { code, stdout } = await runXz(['--robot', '--list'], task);
	const [, streams, , , size] = (stdout.split('\n').find((line) => line.startsWith('file\t')) ?? '').split(
		'\t',
	);
	if (code !== 0 || streams === undefined) throw invalid('is damaged or ends too early');
	// dpkg reads the first one only, xz reads all.
	if (streams !== '1') throw invalid(`is followed by others: expected 1, got ${streams}`);
	if (Number(size) > maxBytes) throw tooLarge(maxBytes);
};

/** Ends xz as soon as the file it writes is too large. */
const watchSize = (file: string, maxBytes: number) => {
	const controller = new AbortController();
	const timer = setInterval(() => {
		const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
		if (size > maxBytes) controller.abort(tooLarge(maxBytes));
	}, WATCH_MS);
	return { signal: controller.signal, end: () => clearInterval(timer) };
};

const decompress = async (task: Task, maxBytes: number): Promise<Buffer> => {
	const output = join(task.folder, OUTPUT);
	const watch = watchSize(output, maxBytes);
	const signal = task.signal ? AbortSignal.any([task.signal, watch.signal]) : watch.signal;
	try {
		const { code } = await runXz(['--decompress', '--stdout', '--no-sparse', '--threads=1', MEMORY_LIMIT], {
			...task,
			signal,
			toFile: true,
		});
		if (statSync(output).size > maxBytes) throw tooLarge(maxBytes);
		if (code !== 0) throw invalid('is damaged');
	} catch (cause) {
		throw watch.signal.aborted ? watch.signal.reason : cause;
	} finally {
		watch.end();
	}
	if (statSync(output).size > AT_ONCE_BYTES)
		await verifyTarFile(output, { ...TAR_LIMITS, maxTotalBytes: maxBytes });
	return readFile(output);
};

/**
 * Unpacks exactly one xz stream, which holds a tar file, with the xz command, up to `maxBytes`.
 * @throws SlipwayError DEB_INVALID, DEB_TOO_LARGE, DEB_COMPRESSION_UNAVAILABLE, ARCHIVE_*, PROCESS_*
 */
export const unxzLimited = (bytes: Uint8Array, maxBytes: number, place: XzPlace): Promise<Buffer> =>
	withFolder(place, async (folder) => {
		await writeFile(join(folder, INPUT), bytes);
		const task = { folder, timeoutMs: DECOMPRESS_MS, signal: place.signal };
		await checkListing(task, maxBytes);
		return decompress(task, maxBytes);
	});
