import { spawnSync } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { findPeer, type Peer } from '../peers.ts';
import type { PeerState } from './result.ts';

export const describeMachine = (): string => {
	const processor = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`;
	const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
	return `Node ${process.version}, ${platform()} ${release()} ${arch()}, ${processor}, ${memory}`;
};

const say = (program: string, args: readonly string[]): string => {
	const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
	return stdout || stderr || '';
};

export const readCommit = (): string => {
	const commit = say('git', ['rev-parse', '--short=12', 'HEAD']).trim() || 'unknown';
	return say('git', ['status', '--porcelain', '--untracked-files=no']).trim() ? `${commit}-changed` : commit;
};

/** Banners say it somewhere: the first line with a number that looks like one. */
const findVersion = (text: string): string =>
	(text.split('\n').find((line) => /\d+\.\d+/.test(line)) ?? '').trim().slice(0, 80);

export const readPeer = ({ name, install, version = ['--version'] }: Peer): PeerState => {
	const path = findPeer(name);
	return path ? { name, version: findVersion(say(path, version)), install } : { name, install };
};
