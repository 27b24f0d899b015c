using System.Security.Cryptography;

namespace Signing.AspNetCore;

/// <summary>Makes what requests see of a row, and of what stands around it.</summary>
internal static class LiveRows
{
    /// <summary>Makes the version of a credential.</summary>
    /// <param name="row">The row.</param>
    /// <param name="surroundings">What stands around it.</param>
    /// <param name="keyOf">Gives the key of a Secret that is not destroyed.</param>
    public static Credential Of(CredentialRecord row, in RowSurroundings surroundings, Func<CredentialRecord, SecretRecord, SigningKey> keyOf)
    {
        CredentialSecret[] secrets = row.Kind == CredentialKind.KeyPair
            ? [.. from secret in row.Secrets where secret.Sealed is not null select new CredentialSecret(keyOf(row, secret), secret.RetiresAt, secret.Version)]
            : [];
        return new Credential(row.Key ?? row.Id, secrets)
        {
            Id = row.Id,
            Kind = row.Kind,
            Name = row.Name,
            ParentKey = surroundings.ParentKey,
            ClientSecretAllowed = row.ClientSecretAllowed,
            ApplicationId = row.ApplicationId,
            ApplicationName = surroundings.ApplicationName,
            ApplicationSuspended = surroundings.ApplicationStatus != StoredStatus.Active,
            WorkspaceId = row.WorkspaceId,
            WorkspaceDisabled = !surroundings.WorkspaceEnabled,
            Environment = row.Environment,
            Scopes = row.Scopes,
            ConnectedApis = surroundings.ConnectedApis,
            NotBefore = row.NotBefore,
            Expires = CredentialStates.EndOf(row),
            Status = row.Status,
        };
    }

    /// <summary>Makes the version of a sharing key.</summary>
    public static SharingKey Of(SharingKeyRecord row, bool grantorEnabled) => new(row.Id, row.GrantorWorkspaceId)
    {
        GrantorDisabled = !grantorEnabled,
        GranteeWorkspaceId = row.GranteeWorkspaceId,
        GranteeApplicationId = row.GranteeApplicationId,
        Name = row.Name,
        Scopes = row.Scopes,
        Expires = row.Expires,
        Status = row.Status,
    };

    /// <summary>Opens a Secret.</summary>
    /// <exception cref="CryptographicException">It was sealed with another key ring, or for another credential or version.</exception>
    public static SigningKey KeyOf(SecretSeal seal, CredentialRecord row, SecretRecord secret)
    {
        byte[] clear = seal.Open(row.Id, secret.Version, secret.Sealed!.Value);
        var key = new SigningKey(row.Key!, clear);
        CryptographicOperations.ZeroMemory(clear);
        return key;
    }
}
