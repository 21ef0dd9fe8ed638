#pragma once

#include <ctgan/io/network_text.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_to_write.hpp>

#include "options.hpp"
#include <string>
#include <utility>
#include <vector>

namespace train {

/// What identifies a run: two runs with the same networks, data, seed, batch size, learning rates and initial
/// weights give the same results. A checkpoint holds it as metadata.
class Identity {
  public:
    using Layers = std::vector<std::string>;

    /// The identity of a run with these options on a data set that `data` identifies.
    template <class Gan>
    static Identity of(const Options& options, std::string data) {
        return {options, ctgan::io::layers_text<typename Gan::Generator::net>(),
                ctgan::io::layers_text<typename Gan::Discriminator::net>(),
                std::string(name_of(ctgan::io::detail::dtype_of<typename Gan::Generator::scalar>)),
                std::move(data)};
    }

    /// The entries of a checkpoint's __metadata__.
    ctgan::io::SafetensorsFile::Metadata metadata() const;

    /// Throws io::Error, with the first difference, if a checkpoint is from another run.
    void require(const ctgan::io::SafetensorsFile& checkpoint) const;

  private:
    Identity(const Options& options, Layers generator, Layers discriminator, std::string numbers,
             std::string data);

    /// A flag that earlier versions did not have: its usual value is not stored, so that the bytes of a
    /// checkpoint are theirs.
    struct LaterFlag {
        std::string name, value, usual;
    };

    Layers generator_, discriminator_;
    std::string numbers_, data_;
    std::vector<std::pair<std::string, std::string>> flags_; ///< flags that must be equal, without the dashes
    std::vector<LaterFlag> later_flags_;
};

} // namespace train
