import { toLowerVersion } from '../project/previous-version.ts';
import type { NpmPackage, Project } from '../project/read-project.ts';
import { findPublished, type PublishedPackage } from './published-package.ts';

/** What lies in the registries before the release. */
export interface Previous {
	/** Of the project. */
	readonly version: string;
	readonly origin: 'published' | 'built';
	readonly published: readonly PublishedPackage[];
	/** Package folders and the lower versions to write into copies of them; null: nothing has to be built. */
	readonly built: readonly { readonly folder: string; readonly version: string }[] | null;
}

/** Whether it goes where a release of its own has to bring the previous version: nobody has its files but the project itself. */
export const needsRelease = ({ config }: Project): boolean =>
	Object.values(config.targets).some(({ type }) => type !== 'npm');

const isRoot = ({ folder }: NpmPackage): boolean => folder === '.' || folder === './';

/** Decides what the previous version of each package is: a published one, or one that is made for the purpose. */
export const planPrevious = async (project: Project, registry: string | undefined): Promise<Previous> => {
	const found = await Promise.all(
		project.npmPackages.map(async (npmPackage) => ({
			npmPackage,
			published: await findPublished(registry, npmPackage.name, npmPackage.version),
		})),
	);
	const published = found.flatMap((each) => each.published ?? []);
	const ofProject = found.find(({ npmPackage }) => npmPackage.version === project.version)?.published;
	const version = ofProject?.version ?? toLowerVersion(project.version);
	const origin = ofProject ? 'published' : 'built';
	if (published.length === found.length && !needsRelease(project))
		return { version, origin, published, built: null };
	const packages = found.map(({ npmPackage: { folder, version: own }, published: older }) => ({
		folder,
		version: older?.version ?? (own === project.version ? version : toLowerVersion(own)),
	}));
	const needsRoot = project.config.version === undefined && !project.npmPackages.some(isRoot);
	const built = needsRoot ? [...packages, { folder: '.', version }] : packages;
	return { version, origin, published, built };
};
