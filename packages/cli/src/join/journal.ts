import { Journal } from '@slipway/release';
import { openStore, outboxStore, verifiedStore } from '@slipway/store';
import type { OpenProject } from './project.ts';

/**
 * The journal that slipway.yml names.
 * @param outbox folder that takes what is written instead, in a job that has no right to write the journal
 */
export const openJournal = (
	{ config, configFolder, project, door }: OpenProject,
	{ outbox }: { readonly outbox?: string | undefined } = {},
): Journal => {
	const store = verifiedStore(openStore(config.journal, configFolder, door));
	return new Journal(outbox === undefined ? store : outboxStore(store, outbox), project);
};
