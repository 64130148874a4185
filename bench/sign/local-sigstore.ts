import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { requestIdToken } from '@slipway/http';

/** What is known of a local Sigstore that runs in another process. */
export interface ServedSigstore {
	readonly signingConfig: object;
	readonly signingConfigV2: object;
	readonly trustedRoot: object;
	readonly issuer: string;
	/** A new identity token. */
	token(): Promise<string>;
	stop(): Promise<void>;
}

/** Starts a local Sigstore in a process of its own, so that its signatures are not counted as ours. */
export const serveSigstore = async (): Promise<ServedSigstore> => {
	const script = join(import.meta.dirname, 'serve-sigstore.ts');
	const child = spawn(process.execPath, ['--no-warnings', script], { stdio: ['pipe', 'pipe', 'inherit'] });
	const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
	const { tokenRequest, ...documents } = JSON.parse(line);
	return {
		...documents,
		token: async () => {
			const reply = await requestIdToken({ url: tokenRequest.url, right: tokenRequest.token }, 'sigstore');
			if (reply.kind === 'token') return reply.token;
			throw new Error(`expected a token, got ${reply.reason}`);
		},
		stop: async () => {
			child.stdin.end();
			await once(child, 'exit');
		},
	};
};
