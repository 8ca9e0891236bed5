/** Where Teams keeps people's files: SharePoint and OneDrive of all clouds that a bot can meet. */
const MICROSOFT_FILE_HOSTS = ['*.sharepoint.com', '*.sharepoint-df.com', '*.sharepoint.us', '*.onedrive.com'];

/** Files larger than this are not fetched. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** Which hosts may give or take a file, and how many bytes. */
export interface FileDoor {
  hosts: readonly string[];
  maxBytes: number;
}

/** The door for Microsoft's hosts and those named besides. */
export function fileDoor(options: { extraHosts?: readonly string[]; maxBytes?: number } = {}): FileDoor {
  return {
    hosts: [...MICROSOFT_FILE_HOSTS, ...(options.extraHosts ?? [])],
    maxBytes: options.maxBytes ?? MAX_FILE_BYTES,
  };
}
