import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { Inputs, Place, Runner } from '@slipway/runner';
import type { VerifyRequest } from 'slipway/verify';
import type { declaration } from './declaration.ts';

type VerifyInputs = Inputs<typeof declaration>;

export type VerifyActionCode = 'VERIFY_NOTHING_NAMED';

const PLAIN = (_style: string, text: string): string => text;

const toSpec = (name: string): string => (/^(?:npm|pkg):/.test(name) ? name : `npm:${name}`);

const toRequest = (inputs: VerifyInputs, place: Place, workspace: string): VerifyRequest => {
	const inWorkspace = (path: string | undefined) => path && resolve(workspace, path);
	const { file, bundle, package: name } = inputs;
	return {
		what: [...(file ? [resolve(workspace, file)] : []), ...(name ? [toSpec(name)] : [])],
		releaseFolder: place.releaseFolder,
		bundles: bundle ? [resolve(workspace, bundle)] : [],
		policyFile: inWorkspace(inputs.policy),
		trustedRoot: inWorkspace(inputs['trusted-root']),
		identity: inputs.identity,
		issuer: inputs.issuer,
		signingKeys: [],
	};
};

/** Verifies what the inputs name and tells the log who signed it. @returns the results as JSON */
export const verifyInputs = async (
	inputs: VerifyInputs,
	place: Place,
	{ context, workspace }: Runner,
): Promise<string> => {
	const request = toRequest(inputs, place, workspace);
	if (request.what.length === 0 && request.releaseFolder === undefined)
		throw new SlipwayError<VerifyActionCode>(
			'VERIFY_NOTHING_NAMED',
			'expected one of release, artifact, file and package, got none',
			{ hint: 'Name what to verify under `with:`.' },
		);
	const { toVerifiedJson, toVerifiedText, verifyWhat } = await import('slipway/verify');
	const verified = await verifyWhat(place, request, context);
	for (const line of verified.flatMap((one) => toVerifiedText(one, PLAIN).split('\n')))
		context.log.info(line);
	return JSON.stringify({ verified: true, results: verified.map(toVerifiedJson) });
};
