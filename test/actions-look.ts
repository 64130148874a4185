import { gunzipSync } from 'node:zlib';
import type { StepResult } from '@slipway/testing';
import type { World } from './actions-world.ts';

export const readTags = async ({ registry }: World, name: string): Promise<Record<string, string>> => {
	const reply = await fetch(`${registry.origin}/${name}`);
	return reply.ok ? ((await reply.json()) as { 'dist-tags': Record<string, string> })['dist-tags'] : {};
};

/** Versions of a package that the suite's index offers. */
export const readIndex = async ({ apt }: World, suite: string, name: string): Promise<string[]> => {
	const reply = await fetch(`${apt.origin}/dists/${suite}/main/binary-amd64/Packages.gz`);
	const text = reply.ok ? gunzipSync(await reply.bytes()).toString('utf8') : '';
	return [...text.matchAll(new RegExp(`^Package: ${name}$[\\s\\S]*?^Version: (.*)$`, 'gm'))].map(
		([, version = '']) => version,
	);
};

export const countUploads = ({ registry }: World): number =>
	registry.log.filter(({ mutates, status }) => mutates && status < 300).length;

/** Each step must end well, or the message shows why not. */
export const expectSuccess = (result: StepResult): StepResult => {
	expect({ errors: result.errors, code: result.code }).toEqual({ errors: [], code: 0 });
	expect(result.strayWrites).toBe('');
	return result;
};

/** One annotation that names the cause, as its title or in the state that the release was left in, and what to do now. */
export const expectFailure = (result: StepResult, code: string): void => {
	expect(result.errors.map(({ properties, message }) => `${properties.title} ${message}`)).toEqual([
		expect.stringContaining(code),
	]);
	const [, ...hint] = (result.errors[0]?.message ?? '').split('\n');
	expect(hint.join('')).toMatch(/\w{3,} \w+/);
	expect(result.code).toBe(1);
};
