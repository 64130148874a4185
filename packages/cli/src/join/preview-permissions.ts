import type { PreviewPermissions } from '@slipway/report';
import type { OpenProject } from './project.ts';

/** What a caller of the reusable workflows has to grant. */
export const readPermissions = async (_project: OpenProject): Promise<PreviewPermissions[]> => [];
