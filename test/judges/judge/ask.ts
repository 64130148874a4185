import { type Argv, run } from '@slipway/process';
import type { Finding } from '../trial.ts';

interface AskOptions {
	readonly cwd: string;
	readonly environment?: Readonly<Record<string, string>>;
}

/** Long enough to find the cause in, short enough for a table. */
const SAID_LENGTH = 400;

const toOneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').slice(0, SAID_LENGTH);

/** What a command said: with exit code 0 that it accepts. */
export const toFinding = ({ code, output }: { readonly code: number; readonly output: string }): Finding => ({
	verdict: code === 0 ? 'accepts' : 'refuses',
	said: toOneLine(output),
});

/** Runs a judge that says with its exit code whether it accepts. @throws SlipwayError PROCESS_* */
export const ask = async (argv: Argv, { cwd, environment }: AskOptions): Promise<Finding> => {
	const finished = await run(argv, {
		cwd,
		environment: {
			PATH: process.env.PATH,
			HOME: cwd,
			LANG: 'C.UTF-8',
			NO_COLOR: '1',
			COLUMNS: '400',
			...environment,
		},
		timeoutMs: 60_000,
	});
	if (finished.code === null) throw new Error(`${argv[0]} was ended by ${finished.signal}`);
	return toFinding({ code: finished.code, output: `${finished.stderr}\n${finished.stdout}` });
};

/** Asks a judge that throws where it refuses. */
export const askInside = (judge: () => unknown): Finding => {
	try {
		judge();
		return { verdict: 'accepts', said: '' };
	} catch (thrown) {
		const { code, message } = thrown as { code?: string; message?: string };
		return { verdict: 'refuses', said: toOneLine(`${code ?? ''} ${message ?? String(thrown)}`) };
	}
};
