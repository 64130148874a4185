import type { Library } from '../library.ts';
import { noted, toYamlText } from '../yaml.ts';

export interface PolicyOptions {
	readonly library: Library;
	/** OWNER/REPO of the project. */
	readonly repository: string;
	/** Where the trusted root of a Sigstore of one's own lies; default: the public instance. */
	readonly trustedRoot?: string | undefined;
}

const HEAD = `Who may sign a release of this project, and what has to be there before it leaves.
It counts as the protected branch has it, never as the tree that is built has it.`;

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Workflows of the library in which something is signed. */
const SIGNING = '(release|publish|continue|rollback)';

/**
 * slipway.policy.yml: the library's own workflows at the pinned commit or at a version of it, started by this repository
 * from a version tag or by hand.
 */
export const toPolicyFile = ({ library, repository, trustedRoot }: PolicyOptions): string => {
	const [builder, source] = [library.repository, repository].map((name) => `https://github.com/${name}`);
	const refs = `(${library.commit}|refs/tags/v[0-9]+\\.[0-9]+\\.[0-9]+)`;
	return toYamlText(
		{
			policy: 1,
			signers: noted(
				[
					{
						name: 'release workflow',
						issuer: 'https://token.actions.githubusercontent.com',
						'identity-pattern': noted(
							`${escapePattern(`${builder}/.github/workflows/`)}${SIGNING}\\.yml@${refs}`,
							{
								above:
									'The certificate names the reusable workflow that signed, and, below, the repository that called it.',
							},
						),
						'source-repository': source ?? '',
						'runner-environment': 'github-hosted',
						events: noted(['push', 'workflow_dispatch'], { flow: true }),
					},
				],
				{ apart: true },
			),
			'trusted-root': trustedRoot,
			require: noted(
				{ stages: noted(['build', 'sbom', 'sign', 'gate'], { flow: true }) },
				{ above: 'Stages whose signed record must be there.', apart: true },
			),
		},
		HEAD,
	);
};
