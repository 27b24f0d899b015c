using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Signing.Tests.House;

/// <summary>Reads what compiled code refers to outside of its own assembly: <c>Namespace.Type</c> and <c>Namespace.Type.Member</c>.</summary>
internal static class ReferencedMembers
{
    public static HashSet<string> Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => NameOf(metadata, handle));
        var members = metadata.MemberReferences.Select(handle => NameOf(metadata, metadata.GetMemberReference(handle)));
        return [.. types, .. members];
    }

    private static string NameOf(MetadataReader metadata, MemberReference member) =>
        $"{(DeclaringType(metadata, member.Parent) is { } type ? NameOf(metadata, type) : "")}.{metadata.GetString(member.Name)}";

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static TypeReferenceHandle? DeclaringType(MetadataReader metadata, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => (TypeReferenceHandle)parent,
        HandleKind.TypeSpecification => GenericType(metadata, (TypeSpecificationHandle)parent),
        _ => null,
    };

    // ECMA-335 §II.23.2.14: GENERICINST, then CLASS or VALUETYPE, then the generic type.
    private static TypeReferenceHandle? GenericType(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        signature.ReadByte();
        var type = signature.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)type : null;
    }
}
