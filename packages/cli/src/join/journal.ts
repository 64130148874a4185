import { Journal } from '@slipway/release';
import { openStore } from '@slipway/store';
import type { OpenProject } from './project.ts';

/** The journal that slipway.yml names. */
export const openJournal = ({ config, configFolder, project, door }: OpenProject): Journal =>
	new Journal(openStore(config.journal, configFolder, door), project);
