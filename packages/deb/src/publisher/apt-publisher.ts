import {
	type Context,
	type Preflight,
	type PreflightRequest,
	PUBLISHER_CONTRACT,
	type Publisher,
} from '@slipway/core';
import type { StoreCode } from '@slipway/store';
import type { AptCode } from '../repository/error.ts';
import { expose, withdrawExposed } from './move-pointers.ts';
import type { Apt, AptPublisherOptions } from './options.ts';
import { preflightRecorded } from './preflight-recorded.ts';
import { preflightRecover } from './preflight-recover.ts';
import { preflightRelease } from './preflight-release.ts';
import { probe } from './probe.ts';
import { openServedFiles } from './served-files.ts';
import { toRepository } from './to-repository.ts';
import { upload } from './upload.ts';
import { verifyByClient, verifyHidden } from './verify.ts';
import { withdrawHidden } from './withdraw-hidden.ts';

/** A CDN still shows what was there before, in whole or in part; a server or client that cannot be reached just now. */
const TRANSIENT: readonly (AptCode | StoreCode)[] = [
	'APT_VERIFICATION_FAILED',
	'APT_CLIENT_FAILED',
	'APT_SERVER_UNREACHABLE',
	'APT_REPOSITORY_TAMPERED',
	'APT_BYTES_MISSING',
	'APT_CONFLICT',
	'STORE_BUSY',
	'STORE_UNREACHABLE',
	'STORE_UNREADABLE',
	'STORE_WRITE_FAILED',
];

const FOLDER_VISIBLE_MS = 10_000;
const REMOTE_VISIBLE_MS = 600_000;

const toVisibleWithin = ({ visibleWithin, target }: AptPublisherOptions): number =>
	visibleWithin ?? ('directory' in target.store ? FOLDER_VISIBLE_MS : REMOTE_VISIBLE_MS);

const preflight = (apt: Apt, request: PreflightRequest, context: Context): Promise<Preflight> => {
	if (request.operation === 'release') {
		const { artifacts, line } = request;
		return preflightRelease(apt, { artifacts, line }, context);
	}
	if (request.operation === 'recover') return preflightRecover(apt, request, context);
	return preflightRecorded(apt, request, context);
};

/**
 * Publishes .debs to a signed apt repository on static storage, without any state but what is published. A subject is
 * a package; its pointer is all that a suite offers of it. Uploading puts files into the pool, where no client looks
 * before an index names them; exposing is one signed update for all packages of the call.
 */
export const aptPublisher = (options: AptPublisherOptions): Publisher => {
	const { id, target } = options;
	const served = openServedFiles(target.url);
	const apt: Apt = { options, served, repository: toRepository(options, served) };
	return {
		contract: PUBLISHER_CONTRACT,
		id,
		description: `${target.url} (suite ${target.suite}, component ${target.component})`,
		traits: {
			hides: true,
			undo: 'full',
			seals: false,
			visibleWithin: toVisibleWithin(options),
			safeProbe: true,
			batch: 'all',
		},
		transient: TRANSIENT,
		preflight: (request, context) => preflight(apt, request, context),
		probe: (artifact, context) => probe(apt, artifact, context),
		upload: (artifact, _subject, change) => upload(apt, artifact, change),
		expose: (subjects, change) => expose(apt, subjects, change),
		verify: (subjects, state, context) =>
			state === 'hidden'
				? verifyHidden(apt, subjects, context)
				: verifyByClient(apt, { subjects, state }, context),
		withdraw: (subjects, from, change) =>
			from === 'hidden' ? withdrawHidden(apt, subjects, change) : withdrawExposed(apt, subjects, change),
	};
};
