using Microsoft.Net.Http.Headers;

namespace Signing.Management;

/// <summary>A file of the page, with the tag that changes when a byte of it does.</summary>
internal sealed record DashboardFile(ReadOnlyMemory<byte> Content, string MediaType, EntityTagHeaderValue Tag);
