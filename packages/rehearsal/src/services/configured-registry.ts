import { findNpmCli, run } from '@slipway/process';

/**
 * The registry that npm is configured to use in this folder, without credentials. npm itself is asked for this one
 * setting, and nothing else of its configuration is read. undefined: npm names none that can be used.
 */
export const readConfiguredRegistry = async (
	folder: string,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> => {
	const { code, stdout } = await run([...findNpmCli(environment), 'config', 'get', 'registry'], {
		cwd: folder,
		environment,
		timeoutMs: 20_000,
	});
	const text = stdout.trim();
	if (code !== 0 || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	url.username = '';
	url.password = '';
	return /^https?:$/.test(url.protocol) ? url.href : undefined;
};
