import { readdirSync, readFileSync } from 'node:fs';

const readArguments = (pid: string): string[] => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
	} catch {
		return []; // it has ended meanwhile
	}
};

/** The process of a step of a world that runs this action; undefined: none does now. */
export const findStep = (folder: string, action: string): number | undefined => {
	const pid = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.find((name) => {
			const [, script = ''] = readArguments(name);
			return script.startsWith(`${folder}/`) && script.endsWith(`/actions/${action}/dist/index.js`);
		});
	return pid === undefined ? undefined : Number(pid);
};

/** A process that has ended, but whose end nobody has taken note of, is not alive. */
export const isAlive = (pid: number | undefined): pid is number => {
	try {
		return pid !== undefined && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return false;
	}
};
