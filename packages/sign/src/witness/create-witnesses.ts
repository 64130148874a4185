import type { Witness } from '@sigstore/sign';
import type { Context } from '@slipway/core';
import type { CallService } from '../services/call-service.ts';
import type { SelectedServices } from '../services/select-services.ts';
import { createRekor1Witness } from './rekor1-witness.ts';
import { createRekor2Witness } from './rekor2-witness.ts';
import { createTimestampWitness } from './timestamp-witness.ts';

/** Those who confirm a signature: the selected logs and timestamp authorities. */
export const createWitnesses = (
	{ logs, timestamps }: SelectedServices,
	call: CallService,
	context: Pick<Context, 'clock' | 'signal'>,
): readonly Witness[] => [
	...logs.map(({ url, majorApiVersion }) =>
		majorApiVersion === 2 ? createRekor2Witness(url, call) : createRekor1Witness(url, call),
	),
	...timestamps.map(({ url }) => createTimestampWitness(url, call, context)),
];
