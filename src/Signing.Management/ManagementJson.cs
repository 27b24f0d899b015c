using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signing.Management;

/// <summary>All that the admin API reads and writes; strict, so that what is unknown, missing, null or double is an error.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(WorkspaceAnswer))]
[JsonSerializable(typeof(ApplicationAnswer))]
[JsonSerializable(typeof(CredentialAnswer))]
[JsonSerializable(typeof(SharingKeyAnswer))]
[JsonSerializable(typeof(CredentialTextAnswer))]
[JsonSerializable(typeof(NewApplicationAnswer))]
[JsonSerializable(typeof(SharingKeyTextAnswer))]
[JsonSerializable(typeof(SummaryAnswer))]
[JsonSerializable(typeof(MeAnswer))]
[JsonSerializable(typeof(CatalogueAnswer))]
[JsonSerializable(typeof(WorkspaceBody))]
[JsonSerializable(typeof(WorkspacePatch))]
[JsonSerializable(typeof(ApplicationBody))]
[JsonSerializable(typeof(ApplicationPatch))]
[JsonSerializable(typeof(CredentialBody))]
[JsonSerializable(typeof(CredentialPatch))]
[JsonSerializable(typeof(RotateBody))]
[JsonSerializable(typeof(RenewBody))]
[JsonSerializable(typeof(RevokeBody))]
[JsonSerializable(typeof(RevealBody))]
[JsonSerializable(typeof(NoBody))]
[JsonSerializable(typeof(SharingKeyBody))]
[JsonSerializable(typeof(SharingKeyPatch))]
[JsonSerializable(typeof(ListAnswer<WorkspaceAnswer>), TypeInfoPropertyName = "WorkspaceAnswers")]
[JsonSerializable(typeof(ListAnswer<ApplicationAnswer>), TypeInfoPropertyName = "ApplicationAnswers")]
[JsonSerializable(typeof(ListAnswer<CredentialAnswer>), TypeInfoPropertyName = "CredentialAnswers")]
[JsonSerializable(typeof(ListAnswer<SharingKeyAnswer>), TypeInfoPropertyName = "SharingKeyAnswers")]
[JsonSerializable(typeof(ListAnswer<AuditEventAnswer>), TypeInfoPropertyName = "AuditEventAnswers")]
internal sealed partial class ManagementJson : JsonSerializerContext;
